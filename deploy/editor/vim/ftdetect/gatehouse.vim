autocmd BufNewFile,BufRead gateway.conf,gateway.conf.example,*/gatehouse/*.conf setfiletype gatehouse
