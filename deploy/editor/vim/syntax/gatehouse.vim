" Vim syntax of Gatehouse's gateway.conf. Copy deploy/editor/vim into ~/.vim, or into a pack.
if exists("b:current_syntax")
  finish
endif

setlocal iskeyword+=-
setlocal commentstring=#\ %s

" Directives and conditions: `gatehouse docs` explains each.
syntax keyword gatehouseDirective access access-cookie access-log admin all-roles answer answer-idle any
syntax keyword gatehouseDirective audience bcrypt-cost between body body-idle claim connect cors
syntax keyword gatehouseDirective database debug-header drain-grace expect fields from head header
syntax keyword gatehouseDirective headers host include io-engine issuer keep-alive key limits
syntax keyword gatehouseDirective listen login max-sessions method not password-strength policy public-url
syntax keyword gatehouseDirective query refresh refresh-absolute refresh-grace refresh-in-body register registration revocation-stale-max
syntax keyword gatehouseDirective role roles route server session-id sizes target timeouts
syntax keyword gatehouseDirective token-lifetime-max tokens trusted-proxies underscore-headers upstream user-email user-email-verified user-id
syntax keyword gatehouseDirective user-name user-roles where workers

syntax keyword gatehouseWord public user nobody as accept strip-authorization is in present and
syntax keyword gatehouseWord on off at file env readable open closed sqlite postgres
syntax keyword gatehouseWord per json combined stdout drop refuse pass auto io_uring epoll
syntax keyword gatehouseWord unix
syntax keyword gatehouseWord encoded-slash encoded-backslash semicolon empty-segments encoded-percent non-utf8 case escapes

syntax match gatehouseArrow "->"
syntax match gatehouseRank " > "
syntax match gatehouseMethod "\<[A-Z][A-Z-]*\>"
syntax match gatehouseQuantity "\<\d\+\(ms\|s\|m\|h\|d\|k\|g\)\?\>"
syntax match gatehouseParameter "{[A-Za-z0-9_-]\+}"
syntax match gatehouseVariable "\${[A-Za-z_][A-Za-z0-9_]*\(:-[^}]*\)\?}"
syntax match gatehouseEscape +\\["\\$]+ contained
syntax region gatehouseString start=+"+ skip=+\\.+ end=+"+ oneline contains=gatehouseVariable,gatehouseEscape
" A `#` begins a comment only where a word could begin.
syntax match gatehouseComment "\(^\|[ \t;{}]\)\@1<=#.*$" contains=@Spell

highlight default link gatehouseDirective Statement
highlight default link gatehouseWord Keyword
highlight default link gatehouseArrow Operator
highlight default link gatehouseRank Operator
highlight default link gatehouseMethod Constant
highlight default link gatehouseQuantity Number
highlight default link gatehouseParameter Identifier
highlight default link gatehouseVariable PreProc
highlight default link gatehouseString String
highlight default link gatehouseEscape Special
highlight default link gatehouseComment Comment

let b:current_syntax = "gatehouse"
