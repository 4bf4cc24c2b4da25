//! File systems that store nothing: the kernel shows its own state as files.
//!
//! A scan of `/` would read them for ever (`/proc/kcore` is as long as the address space), and what it found there
//! would be gone by morning. They are told by their type, never by their path, so that a `proc` mounted for a
//! container is one too. File systems in memory that programs keep files in (tmpfs, ramfs, hugetlbfs) are real.

use std::os::fd::OwnedFd;

/// Whether the open directory belongs to a file system that stores nothing.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn is_pseudo(directory: &OwnedFd) -> bool {
    // What does not tell its type is listed, and tells its errors then.
    rustix::fs::fstatfs(directory).is_ok_and(|stat| MAGIC.contains(&(stat.f_type as u32)))
}

/// Elsewhere no file system of this kind is known to be mounted by default.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn is_pseudo(_: &OwnedFd) -> bool {
    false
}

/// Types from `linux/magic.h` and, where it has none, from the file system's own source.
#[cfg(any(target_os = "linux", target_os = "android"))]
const MAGIC: [u32; 24] = [
    0x9fa0,      // proc
    0x9fa1,      // openprom
    0x6265_6572, // sysfs
    0x0027_e0eb, // cgroup
    0x6367_7270, // cgroup2
    0x6462_6720, // debugfs
    0x7472_6163, // tracefs
    0x7363_6673, // securityfs
    0xf97c_ff8c, // selinux
    0x4341_5d53, // smack
    0x5a3c_69f0, // apparmor
    0xcafe_4a11, // bpf
    0x1cd1,      // devpts
    0x6165_676c, // pstore
    0x6265_6570, // configfs
    0xde5e_81e4, // efivarfs
    0x4249_4e4d, // binfmt_misc
    0x0765_5821, // resctrl
    0x1980_0202, // mqueue
    0x6e73_6673, // nsfs
    0x6759_6969, // rpc_pipefs
    0x6e66_7364, // nfsd
    0x6573_5543, // fusectl
    0xabba_1974, // xenfs
];
