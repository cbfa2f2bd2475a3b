//! Columns of text for people.

/// Lines of cells under a heading, each column as wide as its widest cell.
pub(super) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(heading.get(column).map(|name| name.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heading.len()).map(width).collect();
    let mut text = line(heading.iter().copied(), &widths);
    for row in rows {
        text.push_str(&line(row.iter().map(String::as_str), &widths));
    }
    text
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.zip(widths) {
        // A name may hold what a terminal would obey; it is shown as harmless text.
        let cell: String =
            cell.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect();
        line.push_str(&format!("{cell:width$}  "));
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

/// The beginning of a text, of at most `letters` characters.
pub(super) fn head(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    text.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_short() {
        assert_eq!((head("åäö", 3), head("åäöü", 3)), ("åäö".to_owned(), "åä…".to_owned()));
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec!["1".to_owned(), "åäö".to_owned()], vec!["22".to_owned(), "x\x1b[1m".to_owned()]];
        assert_eq!(table(&["id", "name"], &rows), "id  name\n1   åäö\n22  x?[1m\n");
        assert_eq!(table(&["id"], &[]), "id\n");
    }
}
