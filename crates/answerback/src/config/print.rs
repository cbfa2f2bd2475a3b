//! The configuration in force, as a file that could be read again.

use super::Loaded;
use super::setting::settings;
use crate::ways::Spec;
use crate::ways::keys::KEYS;

/// Every option as TOML, each under a comment that says where its value comes from.
pub(crate) fn as_toml(loaded: &Loaded) -> String {
    let mut out = String::new();
    let mut table = String::new();
    for setting in settings() {
        let (of, name) = setting.key.rsplit_once('.').unwrap_or(("", &setting.key));
        if of != table {
            out.push_str(&format!("\n[{of}]\n"));
            of.clone_into(&mut table);
        }
        let source = loaded.source(&setting.key);
        match (setting.show)(&loaded.config) {
            Some(value) => out.push_str(&format!("{name} = {value}  # {source}\n")),
            None => out.push_str(&format!("# {name} is not set\n")),
        }
    }
    for (name, spec) in &loaded.config.carriers {
        out.push_str(&format!("\n[carriers.{name}]\n"));
        for (key, value) in carrier(spec) {
            match value {
                Some(value) => {
                    let source = loaded.source(&format!("carriers.{name}.{key}"));
                    out.push_str(&format!("{key} = {value}  # {source}\n"));
                }
                None => out.push_str(&format!("# {key} is set, and not shown\n")),
            }
        }
    }
    out
}

/// What a carrier is described by: dotted keys with their values; a secret has none.
fn carrier(spec: &Spec) -> Vec<(String, Option<toml::Value>)> {
    let usual = Spec::default();
    let set = KEYS.iter().filter_map(|key| {
        let value = (key.show)(spec).filter(|value| (key.show)(&usual).as_ref() != Some(value))?;
        Some((key.name.to_owned(), Some(value)))
    });
    let mut all: Vec<_> = set.collect();
    if spec.password_file.is_none() && !spec.password.is_empty() {
        all.push(("password".to_owned(), None));
    }
    let options = spec.options.iter();
    all.extend(
        options.map(|(name, value)| (format!("options.{name}"), Some(toml::Value::String(value.clone())))),
    );
    all
}

/// The same as one JSON object: key to value and source.
pub(crate) fn as_json(loaded: &Loaded) -> serde_json::Value {
    let options = settings().into_iter().map(|setting| {
        let value = (setting.show)(&loaded.config);
        let source = loaded.source(&setting.key).to_string();
        (setting.key, serde_json::json!({ "value": value, "source": source }))
    });
    let carriers = loaded.config.carriers.iter().flat_map(|(name, spec)| {
        carrier(spec).into_iter().map(move |(key, value)| {
            let key = format!("carriers.{name}.{key}");
            let source = loaded.source(&key).to_string();
            let document = serde_json::json!({ "value": value, "source": source });
            (key, document)
        })
    });
    serde_json::Value::Object(options.chain(carriers).collect())
}
