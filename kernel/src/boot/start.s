# From what the loader leaves (32-bit protected mode, flat segments, no paging, %ebx = start info) to 64-bit Rust.
# Both CPUs pass `enter_long_mode`; %ebp says which one it is.

.set CODE_64,    0x08
.set DATA,       0x10
.set CODE_32,    0x18

.set CR4_PAE,    1 << 5
.set CR4_FXSR,   1 << 9         # SSE, which the precompiled `core` uses
.set CR4_XMMEXC, 1 << 10
.set EFER,       0xc0000080
.set EFER_LME,   1 << 8
.set CR0_LONG,   0x80010033     # paging, write protection, numeric errors, protected mode

.set PAGE,       0x1000
.set BOOT_STACK, 0x40000        # as in boot/mod.rs
.set BOOT_SLOT,  PAGE + BOOT_STACK

.pushsection .note.Xen, "a", @note
.align 4
    .long 4                     # length of the name
    .long 8                     # length of the description
    .long 18                    # XEN_ELFNOTE_PHYS32_ENTRY: enter here
    .asciz "Xen"
    .quad pvh_entry
.popsection

.pushsection .text.boot, "ax"
.code32
.globl pvh_entry
pvh_entry:
    cli
    cld
    movl $__bss_start, %edi
    movl $__bss_end, %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    xorl %eax, %eax
    rep stosl

    # 4 GiB, each address mapped to itself, in pages of 2 MiB; the last GiB, where the devices are, uncached.
    movl $page_directories, %edi
    movl $0x83, %eax            # present, writable, 2 MiB
    xorl %ecx, %ecx
1:  movl %eax, (%edi)
    cmpl $1536, %ecx
    jb 2f
    orl $0x10, (%edi)           # no caching
2:  addl $0x200000, %eax
    addl $8, %edi
    incl %ecx
    cmpl $2048, %ecx
    jne 1b

    # The first 4 MiB, where the kernel is, in pages of 4 KiB, but for those below the stacks: a stack that overflows is an
    # exception, and does not change what lies there.
    movl $small_pages, %edi
    movl $0x03, %eax            # present, writable
    movl $1024, %ecx
3:  movl %eax, (%edi)
    addl $PAGE, %eax
    addl $8, %edi
    loop 3b
    movl $small_pages + 0x003, page_directories
    movl $small_pages + 0x1003, page_directories + 8
    movl $boot_stacks, %eax
    shrl $12, %eax
    movl $0, small_pages(, %eax, 8)
    movl $boot_stacks + BOOT_SLOT, %eax
    shrl $12, %eax
    movl $0, small_pages(, %eax, 8)

    movl $page_directories + 0x003, page_pointers
    movl $page_directories + 0x1003, page_pointers + 8
    movl $page_directories + 0x2003, page_pointers + 16
    movl $page_directories + 0x3003, page_pointers + 24
    movl $page_pointers + 0x003, page_root

    xorl %ebp, %ebp             # the first CPU

enter_long_mode:
    movl $CR4_PAE | CR4_FXSR | CR4_XMMEXC, %eax
    movl %eax, %cr4
    movl $page_root, %eax
    movl %eax, %cr3
    movl $EFER, %ecx
    rdmsr
    orl $EFER_LME, %eax
    wrmsr
    movl $CR0_LONG, %eax
    movl %eax, %cr0
    lgdt gdt_pointer
    ljmp $CODE_64, $long_mode

.code64
long_mode:
    movw $DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    xorl %eax, %eax
    movw %ax, %fs
    movw %ax, %gs
    fninit

    # The stack of CPU n ends where the slot of CPU n + 1 begins.
    leal 1(%rbp), %eax
    imull $BOOT_SLOT, %eax, %eax
    leaq boot_stacks(%rax), %rsp
    movl %ebp, %edi
    movl %ebx, %esi
    xorl %ebp, %ebp
    call boot_cpu               # boot_cpu(cpu, start_info) -> !
    ud2

# The second CPU wakes up in 16-bit mode below 1 MiB: `smp` copies this to TRAMPOLINE.
.set TRAMPOLINE, 0x8000         # as in smp.rs
.code16
.globl trampoline_start
trampoline_start:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    lgdtl TRAMPOLINE + (trampoline_gdt_pointer - trampoline_start)
    movl %cr0, %eax
    orl $1, %eax
    movl %eax, %cr0
    ljmpl $CODE_32, $second_cpu
.align 4
trampoline_gdt_pointer:
    .word gdt_end - gdt - 1
    .long gdt
.globl trampoline_end
trampoline_end:

.code32
second_cpu:
    cld
    movw $DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    xorl %ebx, %ebx
    movl $1, %ebp
    jmp enter_long_mode
.code64
.popsection

.pushsection .data.gdt, "aw"
.align 16
.globl gdt
gdt:
    .quad 0
    .quad 0x00af9a000000ffff    # CODE_64
    .quad 0x00cf92000000ffff    # DATA
    .quad 0x00cf9a000000ffff    # CODE_32
    .quad 0, 0                  # the task state of the first CPU; `descriptors` fills it in
    .quad 0, 0                  # and that of the second
gdt_end:
gdt_pointer:
    .word gdt_end - gdt - 1
    .quad gdt
.popsection

.pushsection .bss.boot, "aw", @nobits
.align 4096
page_root:
    .skip 4096
page_pointers:
    .skip 4096
page_directories:
    .skip 4 * 4096
small_pages:
    .skip 2 * 4096
.globl boot_stacks
boot_stacks:                    # for each CPU a page that is not mapped, and the stack
    .skip 2 * BOOT_SLOT
.popsection
