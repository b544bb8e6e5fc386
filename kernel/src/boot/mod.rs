//! From the loader to `main`.
//!
//! QEMU loads the image as a PVH guest does: an ELF file whose note says where to enter, in 32-bit mode.
//! `start.s` does the rest of the way to 64 bits.

use core::{arch::global_asm, ffi::CStr};

use crate::{descriptors, smp};

global_asm!(include_str!("start.s"), options(att_syntax, raw));

/// The bytes of the stack that a CPU boots on, and on which it then polls its tasks. As in `start.s`.
pub const STACK_SIZE: usize = 0x4_0000;

/// The bytes below each stack that are not mapped. As in `start.s`.
const GUARD: usize = 0x1000;

/// Makes a function of the type `fn(CommandLine) -> !` the one that the kernel starts.
#[macro_export]
macro_rules! entry {
    ($main:path) => {
        #[unsafe(no_mangle)]
        extern "Rust" fn kernel_main(line: $crate::boot::CommandLine) -> ! {
            const MAIN: fn($crate::boot::CommandLine) -> ! = $main;
            MAIN(line)
        }
    };
}

unsafe extern "Rust" {
    // Made by `entry!`, which checks its type.
    safe fn kernel_main(line: CommandLine) -> !;
}

unsafe extern "C" {
    static boot_stacks: [[u64; (GUARD + STACK_SIZE) / 8]; crate::cpu::MAX];
}

/// Returns the lowest address of the stack of `cpu`.
pub fn stack_of(cpu: usize) -> *const u64 {
    (&raw const boot_stacks).cast::<u64>().wrapping_add((cpu * (GUARD + STACK_SIZE) + GUARD) / 8)
}

/// What the loader says of itself (`hvm_start_info` of the PVH protocol).
#[repr(C)]
struct StartInfo {
    magic: u32,
    version: u32,
    flags: u32,
    modules: u32,
    module_list: u64,
    command_line: u64,
}

const START_INFO_MAGIC: u32 = 0x336e_c578;

/// Called by `start.s`, once on each CPU.
#[unsafe(no_mangle)]
extern "C" fn boot_cpu(cpu: usize, start_info: usize) -> ! {
    descriptors::load(cpu);
    if cpu == 0 { kernel_main(CommandLine::from_loader(start_info)) } else { smp::second_cpu() }
}

/// The words after QEMU's `-append`.
#[derive(Clone, Copy, Debug)]
pub struct CommandLine(&'static str);

impl CommandLine {
    fn from_loader(start_info: usize) -> Self {
        let info = core::ptr::with_exposed_provenance::<StartInfo>(start_info);
        // SAFETY: the loader passes the address of this structure, which is not written to, in memory that is
        // mapped.
        let info = unsafe { &*info };
        assert_eq!(info.magic, START_INFO_MAGIC, "not started as a PVH guest");
        let line = usize::try_from(info.command_line).expect("64 bits");
        if line == 0 {
            return Self("");
        }
        // SAFETY: the loader ends it with a zero, and it is not written to.
        let line = unsafe { CStr::from_ptr(core::ptr::with_exposed_provenance(line)) };
        Self(line.to_str().unwrap_or(""))
    }

    /// Returns whether `word` is there.
    pub fn has(self, word: &str) -> bool {
        self.0.split_ascii_whitespace().any(|other| other == word)
    }

    /// Returns what follows `name=`.
    pub fn value(self, name: &str) -> Option<&'static str> {
        self.0.split_ascii_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }
}
