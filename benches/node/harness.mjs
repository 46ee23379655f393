// Runs the rounds of all implementations alternately, like benches/rust/src/harness.rs, and prints one line
// of JSON per benchmark.

export const nanoseconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

// Returns a round with `count` calls. The inputs are created before the clock starts. A round returns the CPU
// time per call in nanoseconds, including that of the garbage-collector threads.
export function round(count, call, prepare = () => undefined) {
  return () => {
    const inputs = Array.from({ length: count }, prepare);
    const started = nanoseconds();
    for (const input of inputs) call(input);
    return (nanoseconds() - started) / count;
  };
}

// Like `round`, but for calls that return promises.
export function asyncRound(count, call, prepare = () => undefined) {
  return async () => {
    const inputs = [];
    for (let at = 0; at < count; at += 1) inputs.push(await prepare());
    const started = nanoseconds();
    for (const input of inputs) await call(input);
    return (nanoseconds() - started) / count;
  };
}

// Runs all implementations alternately. Each round starts with a different implementation. The first rounds
// are discarded, because the engine compiles the code during these rounds.
export async function run(row, rounds, subjects) {
  const names = Object.keys(subjects);
  const measured = new Map(names.map((name) => [name, []]));
  const paces = [];
  const warmUp = Math.min(10, rounds);
  for (let turn = 0; turn < rounds + warmUp; turn += 1) {
    const before = pace();
    for (let at = 0; at < names.length; at += 1) {
      const name = names[(at + turn) % names.length];
      const cost = await subjects[name]();
      if (turn >= warmUp) measured.get(name).push(cost);
    }
    if (turn >= warmUp) paces.push(Math.max(before, pace()));
  }
  const line = { row, subjects: names.map((name) => ({ name, rounds: measured.get(name) })), pace: paces };
  console.log(JSON.stringify(line));
}

// Measures the speed of the processor core. Returns the time of a fixed workload in nanoseconds. See
// benches/rust/src/pace.rs.
function pace() {
  const started = nanoseconds();
  let [a, b, c, d] = [1, 2, 3, 4];
  for (let step = 0; step < 200_000; step += 1) {
    a = (a + step) ^ (a >>> 3);
    b = (b + step) ^ (b >>> 3);
    c = (c + step) ^ (c >>> 3);
    d = (d + step) ^ (d >>> 3);
  }
  return nanoseconds() - started + ((a ^ b ^ c ^ d) & 1); // the result is used so that the loop is not optimised away
}
