//! Fields of a `#[bitfield]` word: typed access, and how a word is printed.

use core::fmt;

use mycelium_bitfield::FromBits;

use super::atomic::{Bits, Word};

/// A type that can be a field of a word over the integer `B`.
///
/// It is [`FromBits`] under another name, so that the compiler's message about a type without it can
/// say what to write. (A supertrait would be reported in its place.)
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a bitfield over `{B}`: it does not implement `FromBits<{B}>`",
    label = "not a type that a `{B}` word can hold",
    note = "on an enum, write `#[derive(sync_core::FromBits)]` and `#[repr(u8)]`",
    note = "for any other type, implement `sync_core::FromBits<{B}>`"
)]
pub trait FieldType<B>: Sized {
    /// As in `FromBits`; so is the rest.
    type Error: fmt::Display;
    /// How many bits a value needs.
    const BITS: u32;
    /// Returns the value of these bits.
    ///
    /// # Errors
    ///
    /// Returns the type's own error when there is none.
    fn try_from_bits(bits: B) -> Result<Self, Self::Error>;
    /// Returns the bits of the value.
    fn into_bits(self) -> B;
}

#[diagnostic::do_not_recommend]
impl<T: FromBits<B>, B> FieldType<B> for T {
    type Error = T::Error;
    const BITS: u32 = T::BITS;
    #[inline(always)]
    fn try_from_bits(bits: B) -> Result<Self, Self::Error> {
        T::try_from_bits(bits)
    }
    #[inline(always)]
    fn into_bits(self) -> B {
        T::into_bits(self)
    }
}

/// A type that a word can print; `Debug` under another name, for the same reason.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a bitfield: the word prints its fields and `{Self}` does not implement `Debug`",
    label = "write `#[derive(Debug)]` on this type",
    note = "a bitfield implements `Debug` and `Display`, which need the `Debug` of every field"
)]
pub trait Printable {
    /// Prints the value.
    ///
    /// # Errors
    ///
    /// Fails when the formatter does.
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

#[diagnostic::do_not_recommend]
impl<T: fmt::Debug> Printable for T {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt(f)
    }
}

/// Where a field of a user's type is. Implemented by `#[bitfield]` for a private type per field.
///
/// All typed access goes through this one implementation, so that a type which cannot be a field is
/// reported once.
pub trait Field {
    /// The word that the field is part of.
    type Word: Word;
    /// The field's type.
    type Ty: FieldType<<Self::Word as Word>::Bits> + Printable;
    /// `Word::field`, for messages.
    const NAME: &'static str;
    /// The message about a value that does not fit.
    const REFUSAL: &'static str;
    /// The lowest bit.
    const LO: u32;
    /// How many bits.
    const WIDTH: u32;
}

type BitsOf<F> = <<F as Field>::Word as Word>::Bits;

/// Returns how many bits the field's type needs.
pub const fn needed<F: Field>() -> u32 {
    <F::Ty as FieldType<BitsOf<F>>>::BITS
}

/// Returns the field's bits, moved down to bit 0.
#[inline(always)]
fn raw<F: Field>(word: F::Word) -> BitsOf<F> {
    (word.bits() & BitsOf::<F>::mask(F::LO, F::WIDTH)) >> F::LO
}

/// Returns the field.
///
/// # Errors
///
/// Returns the bits when the type does not know them.
#[inline(always)]
#[must_use = "bits that are no value of the field are an error"]
pub fn try_get<F: Field>(word: F::Word) -> Result<F::Ty, UnknownBits> {
    let bits = raw::<F>(word);
    F::Ty::try_from_bits(bits).map_err(|_| UnknownBits::new(F::NAME, bits.widen()))
}

/// Returns the field.
///
/// # Panics
///
/// Panics when the type does not know the pattern.
#[inline(always)]
#[track_caller]
pub fn get<F: Field>(word: F::Word) -> F::Ty {
    match F::Ty::try_from_bits(raw::<F>(word)) {
        Ok(value) => value,
        // The error is made again out of line, so that nothing of it is built where the field is read.
        Err(_) => unknown_pattern::<F>(word),
    }
}

/// Returns the bits of `value`, at bit 0.
///
/// # Panics
///
/// Panics when they do not fit: a hand-written `FromBits` may return more than it declared.
#[inline(always)]
#[track_caller]
pub fn to_bits<F: Field>(value: F::Ty) -> BitsOf<F> {
    let bits = value.into_bits();
    if bits & BitsOf::<F>::mask(0, F::WIDTH) != bits {
        does_not_fit(F::REFUSAL);
    }
    bits
}

/// Returns `word` with the field replaced.
///
/// # Panics
///
/// As [`to_bits`].
#[inline(always)]
#[track_caller]
pub fn with<F: Field>(word: F::Word, value: F::Ty) -> F::Word {
    let rest = word.bits() & !BitsOf::<F>::mask(F::LO, F::WIDTH);
    Word::from_bits(rest | (to_bits::<F>(value) << F::LO))
}

#[cold]
#[inline(never)]
#[track_caller]
fn unknown_pattern<F: Field>(word: F::Word) -> ! {
    let (field, bits) = (F::NAME, raw::<F>(word).widen());
    match F::Ty::try_from_bits(raw::<F>(word)) {
        Err(error) => panic!("`{field}` holds the unknown pattern {bits:#b}: {error}"),
        Ok(_) => panic!("`{field}` holds the pattern {bits:#b}, which its type knows only sometimes"),
    }
}

/// Panics with `message`, which says that a value does not fit, and where. Runs in constants too.
///
/// A text that is there when the program is compiled: code that puts numbers into one is larger than many a
/// program.
///
/// # Panics
///
/// Always.
#[cold]
#[inline(never)]
#[track_caller]
pub const fn does_not_fit(message: &str) -> ! {
    panic!("{}", message)
}

/// A field's value as `Debug` prints it; an unknown pattern prints as its bits.
pub struct Shown<F: Field>(Result<F::Ty, u128>);

/// Returns what to print for the field; never panics.
pub fn shown<F: Field>(word: F::Word) -> Shown<F> {
    Shown(try_get::<F>(word).map_err(|_| raw::<F>(word).widen()))
}

impl<F: Field> fmt::Debug for Shown<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(value) => value.print(f),
            Err(bits) => write!(f, "{bits:#b}"),
        }
    }
}

/// One line of a drawn word.
#[derive(Debug)]
pub struct Row<'a> {
    /// The field's name.
    pub name: &'static str,
    /// The lowest bit.
    pub lo: u32,
    /// How many bits.
    pub width: u32,
    /// The value; `None` for reserved bits.
    pub value: Option<&'a dyn fmt::Debug>,
}

/// A word that can be printed. Implemented by `#[bitfield]`.
pub trait Rows: Word {
    /// The type's name.
    const NAME: &'static str;

    /// Calls `f` with a row per field, lowest bits first.
    fn with_rows<R>(self, f: impl FnOnce(&[Row<'_>]) -> R) -> R;
}

/// Prints `word` as `Debug` prints a struct, without its reserved bits.
///
/// # Errors
///
/// Fails when the formatter does.
pub fn debug<W: Rows>(word: W, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    word.with_rows(|rows| {
        let mut out = f.debug_struct(W::NAME);
        for row in rows {
            if let Some(value) = row.value {
                out.field(row.name, value);
            }
        }
        out.finish()
    })
}

/// Draws `word` as a table: the range of bits, the bits that are there, the field and its value.
///
/// # Errors
///
/// Fails when the formatter does.
pub fn draw<W: Rows>(word: W, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    word.with_rows(|rows| draw_rows(f, W::NAME, word, rows))
}

fn draw_rows<W: Word>(f: &mut fmt::Formatter<'_>, name: &str, word: W, rows: &[Row<'_>]) -> fmt::Result {
    let all = word.bits().widen();
    let pattern = |row: &Row<'_>| (word.bits() >> row.lo & W::Bits::mask(0, row.width)).widen();
    let mut widest = (4, 4);
    for row in rows {
        widest.0 = widest.0.max(Range(row).len());
        widest.1 = widest.1.max(Pattern(row, pattern(row)).len());
    }
    write!(f, "{name} {all:#x}")?;
    let (range, bits) = widest;
    write!(f, "\n  {:>range$}  {:>bits$}  field", "bits", "word")?;
    for row in rows {
        let shown = Pattern(row, pattern(row));
        f.write_str("\n  ")?;
        spaces(f, range - Range(row).len())?;
        write!(f, "{}  ", Range(row))?;
        spaces(f, bits - shown.len())?;
        write!(f, "{shown}  {}", row.name)?;
        if let Some(value) = row.value {
            write!(f, " = {value:?}")?;
        }
    }
    Ok(())
}

fn spaces(f: &mut fmt::Formatter<'_>, n: usize) -> fmt::Result {
    write!(f, "{:n$}", "")
}

/// `3` or `3..7`, as Rust writes ranges.
struct Range<'a>(&'a Row<'a>);

impl Range<'_> {
    fn len(&self) -> usize {
        length_of(self)
    }
}

impl fmt::Display for Range<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.width {
            1 => write!(f, "{}", self.0.lo),
            width => write!(f, "{}..{}", self.0.lo, self.0.lo + width),
        }
    }
}

/// All bits of a small field, hexadecimal digits of a large one.
struct Pattern<'a>(&'a Row<'a>, u128);

impl Pattern<'_> {
    fn len(&self) -> usize {
        length_of(self)
    }
}

impl fmt::Display for Pattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.width as usize {
            width @ ..=8 => write!(f, "{:0width$b}", self.1),
            _ => write!(f, "{:#x}", self.1),
        }
    }
}

/// How many bytes `shown` prints, without a place to print them to.
fn length_of(shown: &impl fmt::Display) -> usize {
    struct Count(usize);
    impl fmt::Write for Count {
        fn write_str(&mut self, s: &str) -> fmt::Result {
            self.0 += s.len();
            Ok(())
        }
    }
    let mut count = Count(0);
    // Counting cannot fail.
    let _ = fmt::write(&mut count, format_args!("{shown}"));
    count.0
}

/// The error of a derived [`FromBits`]: bits that are none of the enum's values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UnknownBits {
    ty: &'static str,
    bits: u128,
}

impl UnknownBits {
    /// Returns the error for these bits of the enum `ty`.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(ty: &'static str, bits: u128) -> Self {
        Self { ty, bits }
    }

    /// Returns the bits that were not understood.
    #[must_use]
    pub const fn bits(&self) -> u128 {
        self.bits
    }
}

impl fmt::Debug for UnknownBits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownBits({}: {:#b})", self.ty, self.bits)
    }
}

impl fmt::Display for UnknownBits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#b} is no value of `{}`", self.bits, self.ty)
    }
}

impl core::error::Error for UnknownBits {}
