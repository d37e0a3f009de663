//! What a process costs, as the kernel counts it.

use std::fs;
use std::time::Duration;

/// `CLK_TCK` of every Linux that Rust runs on.
const TICKS_PER_SECOND: u64 = 100;

/// Processor time used so far by a process and the children it has waited for.
pub fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    // The name in parentheses may hold blanks; fields are counted behind it.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let field = |number: usize| -> u64 {
        let text = fields.split_whitespace().nth(number - 3).unwrap();
        text.parse().unwrap()
    };
    let ticks: u64 = (14..=17).map(field).sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

/// Memory of a process tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// Resident, in MiB; pages shared by several processes count in each.
    pub rss_mib: f64,
    /// Resident, in MiB, shared pages divided by those who share them.
    pub pss_mib: f64,
    /// How many processes.
    pub processes: u32,
}

/// What a process and all its descendants hold.
pub fn memory(pid: u32) -> Memory {
    let mut sum = Memory::default();
    let Ok(rollup) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else {
        return sum; // It has just ended.
    };
    let mib = |name: &str| {
        let line = rollup.lines().find(|line| line.starts_with(name));
        let kib = line.and_then(|line| line.split_whitespace().nth(1));
        kib.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    };
    sum.rss_mib = mib("Rss:");
    sum.pss_mib = mib("Pss:");
    sum.processes = 1;
    for child in children(pid) {
        let its = memory(child);
        sum.rss_mib += its.rss_mib;
        sum.pss_mib += its.pss_mib;
        sum.processes += its.processes;
    }
    sum
}

fn children(pid: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    let lists = threads
        .flatten()
        .map(|thread| thread.path().join("children"));
    let texts = lists.filter_map(|list| fs::read_to_string(list).ok());
    texts
        .flat_map(|text| text.split_whitespace().map(str::parse).collect::<Vec<_>>())
        .flatten()
        .collect()
}
