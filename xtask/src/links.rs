//! `cargo xtask links`: no link in the repository's texts or in the rendered documentation leads nowhere.
//!
//! Files and anchors are looked for; what begins with a scheme, such as `https:`, is not fetched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use percent_encoding::percent_decode_str;
use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::minimums;
use crate::step::{Job, Step};
use crate::workspace::Workspace;

/// The crates whose documentation is published, by the names of their folders.
const CRATES: [&str; 2] = ["sync_core", "sync_macros"];

/// The front page of the repository, of the package and of the documentation, each of which has other files
/// around it.
const EVERYWHERE: [&str; 2] = ["README.md", "sync-core/README.md"];

/// Pages of the documentation that are files of their own: their links are rustdoc's, which looks at them,
/// and are checked where they are rendered.
const RENDERED: &str = "sync-core/src/";

/// Links that rustdoc takes over from the documentation of a dependency, whose traits it lists on every type.
const FOREIGN: [&str; 1] = [
    // `tracing::Instrument` and `WithSubscriber`: dead wherever a crate that uses tracing is documented.
    "dispatcher#setting-the-default-subscriber",
];

pub(crate) fn steps() -> Vec<Step> {
    let mut step = Step::new(
        "links",
        vec![
            // A page of an item that is gone would stay, and be found.
            Job::cargo("clean --doc"),
            Job::cargo("doc --no-deps -p sync-core -p sync-macros --all-features"),
        ],
    )
    .packages(&["sync-core", "sync-macros"]);
    step.then = Some(|workspace, _| check(workspace));
    vec![step]
}

fn check(workspace: &Workspace) -> Result<()> {
    let mut found = Found::default();
    texts(&workspace.root, &mut found)?;
    pages(&workspace.target.join("doc"), &CRATES, &mut found)?;
    let Found { links, dead } = found;
    ensure!(dead.is_empty(), "{} dead links:\n  {}", dead.len(), dead.join("\n  "));
    let minimum = minimums::LINKS;
    ensure!(
        links >= minimum,
        "only {links} links were found, and there must be {minimum}: are pages left out?"
    );
    Ok(())
}

#[derive(Debug, Default)]
struct Found {
    /// How many were followed.
    links: usize,
    dead: Vec<String>,
}

impl Found {
    fn judge(&mut self, place: &str, link: &str, verdict: Result<()>) {
        self.links += 1;
        if let Err(why) = verdict {
            self.dead.push(format!("{place}: {link}: {why:#}"));
        }
    }
}

/// A link, taken apart.
struct Link {
    /// Empty for the file that the link is in.
    path: String,
    anchor: Option<String>,
}

impl Link {
    /// Returns `None` for a link that leads out of these files.
    fn new(link: &str) -> Option<Self> {
        let scheme = link.split(['/', '#', '?']).next().is_some_and(|start| start.contains(':'));
        if scheme || link.starts_with("//") {
            return None;
        }
        let (path, anchor) = match link.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (link, None),
        };
        let path = path.split('?').next().unwrap_or_default();
        Some(Self { path: decoded(path), anchor })
    }

    /// The file that it leads to, as seen from `file`; both are relative to `root`, which it must not leave.
    fn target(&self, root: &Path, file: &Path) -> Result<PathBuf> {
        if self.path.is_empty() {
            return Ok(file.to_owned());
        }
        let mut target = file.parent().unwrap_or(Path::new("")).to_owned();
        for component in Path::new(&self.path).components() {
            match component {
                Component::Normal(name) => target.push(name),
                Component::CurDir => {}
                Component::ParentDir => ensure!(target.pop(), "it leads out of {}", root.display()),
                Component::RootDir | Component::Prefix(_) => bail!("it is absolute"),
            }
        }
        ensure!(root.join(&target).exists(), "there is no {}", target.display());
        Ok(target)
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The files below `folder` of which `is` says that they are wanted, relative to `root`; hidden ones and what
/// cargo writes are left out.
fn files(root: &Path, folder: &Path, is: fn(&Path) -> bool, all: &mut BTreeSet<PathBuf>) -> Result<()> {
    let path = root.join(folder);
    for entry in fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') || name == "target" {
            continue;
        }
        let path = folder.join(&name);
        if entry.file_type()?.is_dir() {
            files(root, &path, is, all)?;
        } else if is(&path) {
            all.insert(path);
        }
    }
    Ok(())
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension == wanted)
}

/// Follows the links in every Markdown file of the repository.
fn texts(root: &Path, found: &mut Found) -> Result<()> {
    let mut names = BTreeSet::new();
    files(root, Path::new(""), |path| has_extension(path, "md"), &mut names)?;
    let mut texts = BTreeMap::new();
    for name in names {
        let text = fs::read_to_string(root.join(&name))
            .with_context(|| format!("cannot read {}", name.display()))?;
        texts.insert(name, Text::new(&text));
    }
    for (name, text) in &texts {
        for (line, link) in &text.links {
            if let Some(verdict) = verdict_on_text(root, &texts, name, link) {
                found.judge(&format!("{}:{line}", name.display()), link, verdict);
            }
        }
        for (line, kind, reference) in &text.undefined {
            // Elsewhere, brackets may be meant as such.
            if *kind != LinkType::Shortcut || is_everywhere(name) {
                let verdict = Err(anyhow!("there is no definition of it"));
                found.judge(&format!("{}:{line}", name.display()), &format!("[{reference}]"), verdict);
            }
        }
    }
    Ok(())
}

fn is_everywhere(name: &Path) -> bool {
    EVERYWHERE.iter().any(|page| name == Path::new(page))
}

/// Returns `None` for a link that is not followed.
fn verdict_on_text(
    root: &Path,
    texts: &BTreeMap<PathBuf, Text>,
    name: &Path,
    link: &str,
) -> Option<Result<()>> {
    let parts = Link::new(link)?;
    if name.starts_with(RENDERED) && !parts.path.is_empty() {
        return None;
    }
    Some((|| {
        ensure!(
            parts.path.is_empty() || !is_everywhere(name),
            "a file cannot be linked here: in the package and in the documentation it is somewhere else, or nowhere"
        );
        let target = parts.target(root, name)?;
        let Some(anchor) = &parts.anchor else { return Ok(()) };
        let text = texts.get(&target).with_context(|| format!("{} has no headings", target.display()))?;
        ensure!(text.anchors.contains(anchor), "{} has no heading for #{anchor}", target.display());
        Ok(())
    })())
}

/// A Markdown file.
#[derive(Debug, Default)]
struct Text {
    /// The anchors of its headings.
    anchors: BTreeSet<String>,
    /// Each with its line.
    links: Vec<(usize, String)>,
    /// Each reference without a definition, with its line: it would be printed as it is written.
    undefined: Vec<(usize, LinkType, String)>,
}

impl Text {
    fn new(text: &str) -> Self {
        let mut this = Self::default();
        let line_at = |offset| text[..offset].matches('\n').count() + 1;
        let mut undefined = Vec::new();
        let mut keep = |link: BrokenLink<'_>| {
            undefined.push((line_at(link.span.start), link.link_type, link.reference.into_string()));
            None
        };
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
        let mut heading: Option<String> = None;
        let parser = Parser::new_with_broken_link_callback(text, options, Some(&mut keep));
        for (event, span) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::Link { link_type: LinkType::Email, .. }) => {}
                Event::Start(Tag::Link { dest_url: link, .. } | Tag::Image { dest_url: link, .. }) => {
                    this.links.push((line_at(span.start), link.into_string()));
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    this.add_anchor(&slug(&heading.take().unwrap_or_default()));
                }
                Event::Text(words) | Event::Code(words) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&words);
                    }
                }
                _ => {}
            }
        }
        this.undefined = undefined;
        this
    }

    /// As GitHub and rustdoc do: the second of its name gets a number.
    fn add_anchor(&mut self, slug: &str) {
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let free =
            core::iter::once(slug.to_owned()).chain(numbered).find(|name| !self.anchors.contains(name));
        self.anchors.extend(free);
    }
}

/// The anchor of a heading, as GitHub and rustdoc make it.
fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then_some(c),
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// Follows the links in every page of the documentation in `root`.
fn pages(root: &Path, crates: &[&str], found: &mut Found) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut folders: Vec<_> = crates.iter().map(PathBuf::from).collect();
    folders.push(PathBuf::from("src"));
    for folder in folders {
        files(root, &folder, |path| has_extension(path, "html"), &mut names)?;
    }
    let mut pages = BTreeMap::new();
    for name in names {
        let page = Page::read(&root.join(&name))?;
        pages.insert(name, page);
    }
    for (name, page) in &pages {
        for link in page.links.iter().filter(|link| !FOREIGN.contains(&link.as_str())) {
            let Some(parts) = Link::new(link) else { continue };
            let verdict = parts.target(root, name).and_then(|target| {
                let Some(anchor) = parts.anchor.as_deref().filter(|anchor| !anchor.is_empty()) else {
                    return Ok(());
                };
                let target = if root.join(&target).is_dir() { target.join("index.html") } else { target };
                let page = pages.get(&target).with_context(|| format!("{} is no page", target.display()))?;
                ensure!(page.has(anchor), "{} has no element with the id {anchor}", target.display());
                Ok(())
            });
            found.judge(&name.display().to_string(), link, verdict);
        }
    }
    Ok(())
}

/// A page of HTML.
#[derive(Debug, Default)]
struct Page {
    ids: BTreeSet<String>,
    links: BTreeSet<String>,
}

impl Page {
    fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self::new(&text))
    }

    fn new(text: &str) -> Self {
        let mut this = Self::default();
        // What is inside a script is no HTML.
        let mut emitter = DefaultEmitter::<()>::default();
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
            let Token::StartTag(tag) = token else { continue };
            let value = |name: &[u8]| {
                let value = tag.attributes.get(name)?;
                Some(String::from_utf8_lossy(value).into_owned())
            };
            this.ids.extend(value(b"id"));
            match &**tag.name {
                b"a" => this.links.extend(value(b"href")),
                b"img" => this.links.extend(value(b"src")),
                _ => {}
            }
        }
        this
    }

    /// Whether there is such an element. A script of rustdoc makes `#12-15` the lines 12 to 15 of a source
    /// file.
    fn has(&self, anchor: &str) -> bool {
        let id = |id: &str| self.ids.contains(id) || self.ids.contains(&decoded(id));
        let is_number = |text: &str| text.parse::<u32>().is_ok();
        let lines = anchor.split_once('-').filter(|(first, last)| is_number(first) && is_number(last));
        id(anchor) || lines.is_some_and(|(first, last)| id(first) && id(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dead links of the files, each as `place: link`.
    fn dead(files: &[(&str, &str)], look: impl Fn(&Path, &mut Found) -> Result<()>) -> Vec<String> {
        let root = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let mut found = Found::default();
        look(root.path(), &mut found).expect("the files can be read");
        let link = |line: &String| line.splitn(3, ": ").take(2).collect::<Vec<_>>().join(": ");
        found.dead.iter().map(link).collect()
    }

    fn dead_in_texts(files: &[(&str, &str)]) -> Vec<String> {
        dead(files, texts)
    }

    fn dead_in_pages(files: &[(&str, &str)]) -> Vec<String> {
        let files = [&[("src/a/lib.rs.html", "<a href=#1 id=1>1</a><a href=#2 id=2>2</a>")], files].concat();
        dead(&files, |root, found| pages(root, &["a"], found))
    }

    #[test]
    fn a_link_to_a_file_or_a_heading_that_is_there_is_alive() {
        let one = "# `A` and \"B\"\n\n[x](two.md) [x](folder) [x](folder/three.md#far) [x](#a-and-b) [x](https://a.b/c#d) <a@b.c>";
        let three = "## Far\n## Far\n[up](../one.md#a-and-b) [second](#far-1) [x][ref]\n\n[ref]: three.md\n";
        assert_eq!(dead_in_texts(&[("one.md", one), ("two.md", ""), ("folder/three.md", three)]), [""; 0]);
    }

    #[test]
    fn a_link_to_a_file_that_is_not_there_is_dead() {
        let text = "\n[x](two.md), [y](/etc), [z](../one.md)\n\n![image](no.png)\n";
        assert_eq!(
            dead_in_texts(&[("one.md", text)]),
            ["one.md:2: two.md", "one.md:2: /etc", "one.md:2: ../one.md", "one.md:4: no.png"]
        );
    }

    #[test]
    fn a_link_to_a_heading_that_is_not_there_is_dead() {
        let text = "# A\n[x](#b) [x](two.md#c) [x](#a-1) [x](three.rs#L1)";
        assert_eq!(
            dead_in_texts(&[("one.md", text), ("two.md", "```\n# C\n```\n"), ("three.rs", "")]),
            ["one.md:2: #b", "one.md:2: two.md#c", "one.md:2: #a-1", "one.md:2: three.rs#L1"]
        );
    }

    #[test]
    fn a_reference_without_a_definition_is_dead() {
        let text = "[x][ref] [ref][] [ref]";
        assert_eq!(dead_in_texts(&[("one.md", text)]), ["one.md:1: [ref]", "one.md:1: [ref]"]);
        assert_eq!(dead_in_texts(&[("README.md", "[ref]")]), ["README.md:1: [ref]"]);
    }

    #[test]
    fn the_front_page_links_no_file() {
        let text = "# A\n[x](#a) [x](two.md)";
        assert_eq!(dead_in_texts(&[("README.md", text), ("two.md", "")]), ["README.md:2: two.md"]);
    }

    #[test]
    fn what_rustdoc_renders_is_checked_for_anchors_alone() {
        let text = "# A\n[x](#a) [x](#b) [x](crate::X) [x](audit)";
        assert_eq!(
            dead_in_texts(&[("sync-core/src/guide/guide.md", text)]),
            ["sync-core/src/guide/guide.md:2: #b"]
        );
    }

    #[test]
    fn a_page_or_an_element_that_is_there_is_found() {
        let index = r##"
            <script>"<a href='no.html'>"</script>
            <a href="struct.B.html#impl-A%3CB%3E-for-C">x</a> <a href="#here">x</a> <a href="#">x</a>
            <a href="../src/a/lib.rs.html#1-2">x</a> <a href="https://a.b/c#d">x</a> <a href="b?search=c#d">x</a>
            <p id="here">"##;
        let b = r#"<p id="impl-A%3CB%3E-for-C"> <a href="index.html">x</a>"#;
        let folder = ("a/b/index.html", r#"<p id="d">"#);
        assert_eq!(dead_in_pages(&[("a/index.html", index), ("a/struct.B.html", b), folder]), [""; 0]);
    }

    #[test]
    fn a_page_or_an_element_that_is_not_there_is_dead() {
        let index = r##"
            <a href="#gone">x</a> <a href="../CHANGELOG.md">x</a> <a href="b.html#gone">x</a> <a href="c.html">x</a>
            <a href="../src/a/lib.rs.html#1-3">x</a>"##;
        assert_eq!(
            dead_in_pages(&[("a/index.html", index), ("a/b.html", "")]),
            ["#gone", "../CHANGELOG.md", "../src/a/lib.rs.html#1-3", "b.html#gone", "c.html"]
                .map(|link| format!("a/index.html: {link}"))
        );
    }
}
