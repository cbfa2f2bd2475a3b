//! What the pages show is what the program takes: their commands are run as they stand there, page by page, and
//! their configurations are checked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::Home;

/// Commands that do not end by themselves; they have tests of their own.
const ENDLESS: [&str; 3] = [" serve", " simulate", " demo"];
/// What is right and still ends with 1 here: nothing is there that it could be done to.
const IN_VAIN: [&str; 6] = [
    " carrier test ",
    " batch release ",
    " batch refuse ",
    " sender approve ",
    " sender refuse ",
    // The page shows two ways for one secret.
    " key adopt --account acme --secret-file ",
];

fn pages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let mut pages: Vec<PathBuf> = fs::read_dir(folder)
        .expect("docs")
        .map(|entry| entry.expect("read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("read"))
    };
    pages.into_iter().map(read).collect()
}

/// The blocks of a page, each with the language it names.
fn blocks(page: &str) -> impl Iterator<Item = (&str, &str)> {
    let fenced = page.split("\n```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n'))
}

/// The commands of a page, in blocks and within lines, as they are typed.
fn commands(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (_, block) in blocks(page) {
        let whole = block.replace("\\\n", " ");
        found.extend(whole.lines().filter_map(typed));
    }
    // Between the lines, those that are whole.
    let outside = page.split("\n```").step_by(2).flat_map(|text| text.split('`').skip(1).step_by(2));
    let is_whole = |text: &&str| text.contains(" --account acme") && !text.contains(['…', '|', '\n']);
    found.extend(outside.filter(is_whole).filter_map(typed));
    found
}

/// A line as it is typed: without the prompt, what stands beside it, and the marks of what may be left out.
fn typed(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches("$ ");
    if !line.starts_with("answerback ") && !line.contains("| answerback ") {
        return None;
    }
    let line = line.split("    ").next()?.split("  #").next()?;
    let line = line.trim_end_matches('&').replace(['[', ']'], "").replace("/var/lib/answerback", "data");
    (!ENDLESS.iter().any(|word| line.contains(word))).then(|| line.trim().to_owned())
}

/// A directory with what the pages take for granted.
fn prepared(page: &str) -> Home {
    let home = Home::new();
    for name in ["p.txt", "a", "b", "telia.password", "other.password"] {
        home.file(name, "secret\n");
    }
    home.file("old-secret.txt", "an-old-secret\n");
    home.file(
        "history.ndjson",
        "{\"id\":\"1\",\"direction\":\"mt\",\"recipient\":\"46701740605\",\"body\":\"Hi\",\
         \"created\":\"2018-10-23T17:43:19Z\"}\n",
    );
    let packed = Command::new("gzip").arg("-k").arg(home.path("history.ndjson")).status();
    assert!(packed.expect("gzip").success());
    for directory in ["old", "new", "restored"] {
        let directory = home.path(directory);
        let directory = directory.to_str().expect("UTF-8");
        home.run(&["--data", directory, "account", "create", "acme"]).ends_with(0);
    }
    // These begin with that themselves.
    if page != "accounts-and-keys.md" {
        home.account("acme");
    }
    fs::create_dir(home.path("bin")).expect("made");
    let link = std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_answerback"), home.path("bin/answerback"));
    link.expect("linked");
    home
}

#[test]
fn every_command_of_the_pages_is_taken() {
    let mut count = 0;
    for (name, page) in pages() {
        let lines = commands(&page);
        if lines.is_empty() {
            continue;
        }
        let home = prepared(&name);
        let path = std::env::var("PATH").expect("a path");
        let path = format!("{}:{path}", home.path("bin").display());
        for line in lines {
            let quick = if line.contains(" carrier test ") { " --timeout 1" } else { "" };
            let mut shell = Command::new("sh");
            // The environment of a command of this home; the program is the page's own.
            for (variable, value) in home.command(&[]).get_envs() {
                match value {
                    Some(value) => shell.env(variable, value),
                    None => shell.env_remove(variable),
                };
            }
            shell.args(["-c", &format!("{line}{quick}")]).current_dir(home.path("")).env("PATH", &path);
            let output = shell.output().expect("run");
            let vain = IN_VAIN.iter().any(|word| line.contains(word));
            let code = output.status.code();
            let fine = code == Some(0) || (vain && code == Some(1));
            assert!(fine, "{name}: {line}: {}", String::from_utf8_lossy(&output.stderr));
            count += 1;
        }
    }
    assert!(count > 60, "only {count} commands were found");
}

/// The same with certificates that are there.
fn in_place(text: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/binary/tls");
    let certificate = folder.join("certificate.pem").display().to_string();
    let key = folder.join("key.pem").display().to_string();
    let authority = format!("[carriers.telia.options]\ntls_ca = \"{certificate}\"");
    text.replace("/etc/answerback/chain.pem", &certificate)
        .replace("/etc/answerback/key.pem", &key)
        .replace("[carriers.telia.options]", &authority)
}

#[test]
fn every_configuration_of_the_pages_is_sound() {
    let mut count = 0;
    for (name, page) in pages().into_iter().filter(|(name, _)| name != "simulator.md") {
        for (_, text) in blocks(&page).filter(|(language, _)| *language == "toml") {
            let home = prepared(&name);
            let file = home.file("page.toml", in_place(text));
            let said = home.run(&["config", "check", file.to_str().expect("UTF-8")]);
            assert_eq!(said.code, 0, "{name}: {said:?}");
            count += 1;
        }
    }
    assert!(count >= 2, "only {count} configurations were found");
}

#[test]
fn programs_are_taken_out_as_the_page_says() {
    let (_, page) =
        pages().into_iter().find(|(name, _)| name == "importing-and-exporting.md").expect("a page");
    let sed = page.split('`').find(|text| text.starts_with("sed ")).expect("the command");
    let home = prepared("importing-and-exporting.md");
    let number = home.ask(&["program", "create", "--account", "acme", "--name", "Spring"])["program"].clone();
    let line = |id: &str, program: &str| {
        format!(
            "{{\"id\":\"{id}\",\"direction\":\"mt\",\"program\":{program},\"recipient\":\"46701740605\",\"body\":\"Hi\",\
             \"created\":\"2018-10-23T17:43:19Z\"}}\n"
        )
    };
    let history = line("a", &number.to_string()) + &line("b", "null");
    home.feed(&["import", "--account", "acme", "-"], history.as_bytes()).ends_with(0);
    home.run(&["export", "--account", "acme", "--output", "acme.ndjson"]).ends_with(0);
    let output = Command::new("sh").args(["-c", sed]).current_dir(home.path("")).output().expect("run");
    assert!(output.status.success());
    let new = home.path("new");
    let new = new.to_str().expect("UTF-8");
    let said = home.feed(&["--data", new, "import", "--account", "acme", "-"], &output.stdout).ends_with(0);
    assert!(said.out.contains("2 messages added"), "{said:?}");
}
