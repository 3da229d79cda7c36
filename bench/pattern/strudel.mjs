// Times queries of Strudel's patterns: expressions.tsv on standard input (name, Tidal, Strudel), for each a line
// `name TAB events a cycle TAB milliseconds of CPU a cycle`. The least of several rounds, so that the compiler has warmed up.
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { register } from 'node:module';

// A dependency of Strudel's names its CommonJS file as its main one; Node needs the other.
const hook = `export async function resolve(name, context, next) {
  return next(name === '@kabelsalat/web' ? '@kabelsalat/web/dist/index.mjs' : name, context);
}`;
register('data:text/javascript,' + encodeURIComponent(hook));
const core = await import('@strudel/core');
const { miniAllStrings } = await import('@strudel/mini');

miniAllStrings();
const cycles = Number(process.argv[2] ?? 64);
const rounds = Number(process.argv[3] ?? 9);
const names = Object.keys(core).filter((name) => /^[A-Za-z_]\w*$/.test(name));
const cpuMs = () => process.cpuUsage().user / 1e3;

for (const line of readFileSync(0, 'utf8').split('\n')) {
  const [name, , code] = line.split('\t');
  if (!code) continue;
  const pattern = new Function(...names, `return ${code}`)(...names.map((key) => core[key]));
  let least = Infinity;
  let events = 0;
  for (let round = 0; round < rounds; round++) {
    events = 0;
    const begin = cpuMs();
    for (let cycle = 0; cycle < cycles; cycle++) {
      events += pattern.queryArc(cycle, cycle + 1).length;
    }
    least = Math.min(least, cpuMs() - begin);
  }
  console.log([name, (events / cycles).toFixed(2), (least / cycles).toFixed(6)].join('\t'));
}
