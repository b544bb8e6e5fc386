# One stub for each of the 256 vectors, 16 bytes apart, so that the table is filled by address.
#
# A stub saves what a called function may change: nine registers, and the SSE state, because the precompiled `core`
# uses SSE. It runs on a stack of its own (IST): below the interrupted code's stack pointer lie 128 bytes that this
# code may be using, its red zone.

.pushsection .text.stubs, "ax"
.align 16
.globl interrupt_stubs
interrupt_stubs:
.set vector, 0
.rept 256
    .align 16
    # Of these, the CPU has pushed an error code. For the others there is a zero.
    .if vector != 8 && vector != 10 && vector != 11 && vector != 12 && vector != 13 && vector != 14 && vector != 17 && vector != 21 && vector != 29 && vector != 30
    pushq $0
    .endif
    pushq $vector
    jmp interrupt_common
    .set vector, vector + 1
.endr

.align 16
interrupt_common:
    pushq %rax
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    # struct Frame: the registers above, the vector, the error code, and what the CPU pushed.
    movq %rsp, %rdi
    pushq %rbp
    movq %rsp, %rbp
    subq $512, %rsp
    andq $-16, %rsp
    fxsave64 (%rsp)
    cld
    call interrupt_entry        # interrupt_entry(&Frame)
    fxrstor64 (%rsp)
    movq %rbp, %rsp
    popq %rbp
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rax
    addq $16, %rsp
    iretq
.popsection
