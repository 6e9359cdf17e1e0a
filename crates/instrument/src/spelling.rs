//! Guesses what was meant by a misspelt name.

/// Returns the candidate that `word` is most likely a misspelling of; `None` where none is near.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().collect();
    // Longer words are not misspelt names, and comparing them would cost time.
    if word.len() > 64 {
        return None;
    }
    let near = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns the hint for a misspelt name: the candidate that it is near, otherwise all of them
/// where they are few.
pub fn suggest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(candidate) = closest(word, candidates.clone()) {
        return Some(format!("did you mean `{candidate}`?"));
    }
    let all: Vec<String> = candidates.into_iter().map(|name| format!("`{name}`")).collect();
    let few = (1..=16).contains(&all.len());
    few.then(|| format!("expected one of {}", all.join(", ")))
}

/// The number of letters to add, drop, change or swap with their neighbour to get from one word to
/// the other (optimal string alignment).
fn distance(word: &[char], other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut before = vec![0; other.len() + 1];
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in word.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut steps = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && word[i - 1] == *b {
                steps = steps.min(before[j - 1] + 1);
            }
            row.push(steps);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[other.len()]
}

/// Returns a key that sorts as a Norwegian list does: æ, ø and å stand last, and Á with A.
pub fn alphabet(name: &str) -> String {
    let place = |letter: char| match letter {
        'æ' | 'ä' => '{',
        'ø' | 'ö' => '|',
        'å' => '}',
        'á' => 'a',
        'č' => 'c',
        'đ' => 'd',
        'ŋ' => 'n',
        'š' => 's',
        'ŧ' => 't',
        'ž' => 'z',
        other => other,
    };
    name.chars().flat_map(char::to_lowercase).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        let letters = |word: &str| word.chars().collect::<Vec<_>>();
        // Each worked out by hand: equal, one dropped, one swapped, one changed, all added.
        for (word, other, steps) in [
            ("tolk", "tolk", 0),
            ("tok", "tolk", 1),
            ("tlok", "tolk", 1),
            ("språk", "sprak", 1),
            ("", "tolk", 4),
        ] {
            assert_eq!(distance(&letters(word), other), steps, "{word} {other}");
        }
    }

    #[test]
    fn only_a_near_word_is_suggested() {
        assert_eq!(closest("optons", ["text", "options"]), Some("options"));
        assert_eq!(closest("Kind", ["id", "kind"]), Some("kind"));
        assert_eq!(closest("xyz", ["id", "kind"]), None);
        assert_eq!(closest(&"x".repeat(1_000_000), ["x"]), None);
    }
}
