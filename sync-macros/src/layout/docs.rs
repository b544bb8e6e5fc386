//! The documentation of the generated items.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use super::model::{Field, Layout, Width};

/// The word as a table, for the struct's documentation.
pub(super) fn table(layout: &Layout) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        " # Layout".to_owned(),
        String::new(),
        format!(" The fields of the `{}`, lowest bits first:", layout.backing.name()),
        String::new(),
        " | bits | field | type | meaning |".to_owned(),
        " | --- | --- | --- | --- |".to_owned(),
    ];
    for field in &layout.fields {
        let (name, ty, meaning) = if field.reserved {
            (String::from("reserved"), String::new(), String::from("zero in `new`; kept as they are"))
        } else {
            (format!("`{}`", field.name), format!("`{}`", type_name(field)), first_line(&field.attrs))
        };
        lines.push(cells(&[&format!("`{}`", range(field)), &name, &ty, &meaning]));
    }
    let end = layout.fields.last().and_then(Field::end);
    if let Some(end) = end.filter(|&end| end < layout.backing.width()) {
        lines.push(cells(&[&format!("`{end}..`"), "unused", "", "zero in `new`; kept as they are"]));
    }
    lines
}

fn cells(cells: &[&str]) -> String {
    let mut line = String::from(" |");
    for cell in cells {
        line.push(' ');
        line.push_str(&cell.replace('|', "\\|"));
        line.push_str(" |");
    }
    line
}

/// `2`, `0..2` or `3..`, as Rust writes ranges.
pub(super) fn range(field: &Field) -> String {
    match field.width {
        Width::Fixed(1) => field.lo.to_string(),
        Width::Fixed(width) => format!("{}..{}", field.lo, field.lo + width),
        Width::Rest => format!("{}..", field.lo),
    }
}

/// `bit 2` or `bits 0..2`.
pub(super) fn place(field: &Field) -> String {
    match field.width {
        Width::Fixed(1) => format!("bit `{}`", range(field)),
        _ => format!("bits `{}`", range(field)),
    }
}

/// The type as the source writes it.
pub(super) fn type_name(field: &Field) -> String {
    let ty = &field.ty;
    quote::quote!(#ty)
        .to_string()
        .replace(" :: ", "::")
        .replace(":: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
}

/// The first line of a doc comment.
fn first_line(attrs: &[Attribute]) -> String {
    attrs.iter().find_map(doc_text).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// The text of `/// text`.
pub(super) fn doc_text(attr: &Attribute) -> Option<String> {
    match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
