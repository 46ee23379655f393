// Rounds in turn, as benches/rust/src/harness.rs has them; one JSON line per row.

const nanoseconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

// A round of `count` calls on inputs made before the clock is started, in nanoseconds of CPU time each: the garbage
// collector's threads are in it, other processes are not.
export function round(count, call, prepare = () => undefined) {
  return () => {
    const inputs = Array.from({ length: count }, prepare);
    const started = nanoseconds();
    for (const input of inputs) call(input);
    return (nanoseconds() - started) / count;
  };
}

// The same for calls that return promises.
export function asyncRound(count, call, prepare = () => undefined) {
  return async () => {
    const inputs = [];
    for (let at = 0; at < count; at += 1) inputs.push(await prepare());
    const started = nanoseconds();
    for (const input of inputs) await call(input);
    return (nanoseconds() - started) / count;
  };
}

// Every subject in turn, Sealwire first in the list; who begins rotates. Compilers settle in the first rounds, which
// are not counted.
export async function run(row, rounds, subjects) {
  const names = Object.keys(subjects);
  const measured = new Map(names.map((name) => [name, []]));
  const warmUp = Math.min(10, rounds);
  for (let turn = 0; turn < rounds + warmUp; turn += 1) {
    for (let at = 0; at < names.length; at += 1) {
      const name = names[(at + turn) % names.length];
      const cost = await subjects[name]();
      if (turn >= warmUp) measured.get(name).push(cost);
    }
  }
  const line = { row, subjects: names.map((name) => ({ name, rounds: measured.get(name) })) };
  console.log(JSON.stringify(line));
}
