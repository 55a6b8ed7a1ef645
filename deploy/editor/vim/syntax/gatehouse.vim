" Vim syntax of Gatehouse's gateway.conf. Copy deploy/editor/vim into ~/.vim, or into a pack.
if exists("b:current_syntax")
  finish
endif

setlocal iskeyword+=-
setlocal commentstring=#\ %s

" Directives and conditions: `gatehouse docs` explains each.
syntax keyword gatehouseDirective access access-cookie access-log admin algorithms all-roles answer answer-idle
syntax keyword gatehouseDirective any audience audit-keep audit-key bcrypt-cost between body body-idle
syntax keyword gatehouseDirective claim claims connect cors database debug-header drain-grace email
syntax keyword gatehouseDirective expect fields from head header headers host id
syntax keyword gatehouseDirective include io-engine issuer jwks keep-alive key limits listen
syntax keyword gatehouseDirective login max-sessions method not password-strength policy public-url query
syntax keyword gatehouseDirective refresh refresh-absolute refresh-grace refresh-in-body register registration revocation-stale-max role
syntax keyword gatehouseDirective roles route server session-id sign-in-page sizes target timeouts
syntax keyword gatehouseDirective token-lifetime-max tokens trusted-proxies underscore-headers upstream url user-email user-email-verified
syntax keyword gatehouseDirective user-id user-name user-roles where workers

syntax keyword gatehouseWord public user nobody as accept strip-authorization is in present and
syntax keyword gatehouseWord on off at file env readable open closed sqlite postgres
syntax keyword gatehouseWord per json combined stdout drop refuse pass auto io_uring epoll
syntax keyword gatehouseWord unix ring map forever
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
