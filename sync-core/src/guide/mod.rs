#![doc = include_str!("guide.md")]

pub mod audit {
    #![doc = include_str!("audit.md")]
}
