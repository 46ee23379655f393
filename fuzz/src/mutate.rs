//! A simple mutator for short runs with stable Rust. It uses no coverage information.

use crate::seeds::WORDS;

/// A reproducible random number generator (SplitMix64).
pub struct Choices(pub u64);

impl Choices {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

/// Returns a randomly selected seed with a few random changes.
pub fn mutated(seeds: &[Vec<u8>], choices: &mut Choices) -> Vec<u8> {
    let mut input = seeds[choices.below(seeds.len())].clone();
    for _ in 0..=choices.below(4) {
        let place = choices.below(input.len() + 1);
        let end = (place + choices.below(24)).min(input.len());
        match choices.below(8) {
            0 | 1 => input.insert(place, u8::try_from(choices.below(256)).unwrap()),
            2 if place < input.len() => input[place] ^= 1 << choices.below(8),
            3 => drop(input.drain(place..end)),
            4 => {
                let part = input[place..end].to_vec();
                input.splice(place..place, part);
            }
            5 | 6 => drop(input.splice(place..place, WORDS[choices.below(WORDS.len())].bytes())),
            _ => {
                let other = &seeds[choices.below(seeds.len())];
                let from = choices.below(other.len() + 1);
                input.splice(place..end, other[from..].iter().copied());
            }
        }
    }
    input
}
