//! Names that clash.

use syn::{GenericParam, Ident, ext::IdentExt};

use super::{generics::LOCK, item::Subject};
use crate::diag::Errors;

/// The names of one name space that are taken, each with what has it.
pub(crate) struct Names {
    /// What the names are names of.
    kind: &'static str,
    taken: Vec<(String, String)>,
}

impl Names {
    /// Names of `kind`, those in `generated` being the macro's own.
    pub(crate) fn new<const N: usize>(kind: &'static str, generated: [&str; N]) -> Self {
        let taken = generated.map(|name| (name.to_owned(), format!("a {kind} that is generated")));
        Self { kind, taken: taken.into() }
    }

    /// The type names that `subject` takes: its own, its parameters' and the lock's.
    pub(crate) fn of_types(subject: &Subject) -> Self {
        let mut names = Self::new("type", []);
        names.take(&subject.ident, "the struct");
        names.taken.push((LOCK.to_owned(), "the parameter for the raw lock".to_owned()));
        for param in &subject.generics.params {
            match param {
                GenericParam::Type(param) => names.take(&param.ident, "a parameter of the struct"),
                GenericParam::Const(param) => names.take(&param.ident, "a parameter of the struct"),
                GenericParam::Lifetime(_) => {}
            }
        }
        names
    }

    fn take(&mut self, name: &Ident, by: &str) {
        self.taken.push((name.unraw().to_string(), by.to_owned()));
    }

    /// Takes `names`, all made from `written`, or reports at `written` which of them is taken.
    pub(crate) fn claim_all(&mut self, written: &Ident, names: &[&Ident], errors: &mut Errors) -> bool {
        let clash = names.iter().find_map(|name| {
            let name = name.unraw().to_string();
            let (_, by) = self.taken.iter().find(|(taken, _)| *taken == name)?;
            Some((name, by))
        });
        if let Some((name, by)) = clash {
            let kind = self.kind;
            let made = if written.unraw() == name {
                format!("`{name}` is already the name of {by}")
            } else {
                format!("`{written}` brings `{name}` with it, which is already the name of {by}")
            };
            errors.at(written, format!("{made}: choose another {kind} name"));
            return false;
        }
        let by = format!("a {} made from `{written}`", self.kind);
        for name in names {
            let by = if name.unraw() == written.unraw() {
                format!("a {} named before", self.kind)
            } else {
                by.clone()
            };
            self.take(name, &by);
        }
        true
    }
}
