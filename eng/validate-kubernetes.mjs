// Reads from standard input [{ "file": …, "object": … }], Kubernetes objects as JSON, and prints what is wrong with
// them, a line for each; nothing when nothing is. Twice, from one source: the types generated from Kubernetes' OpenAPI
// description, against which TypeScript rejects unknown fields at any depth, and the validators generated from it,
// which know patterns and ranges as well.
import { readFileSync } from 'node:fs';
import { checkTypes } from './check-types.mjs';

const entries = JSON.parse(readFileSync(0, 'utf8'));

const importOf = ({ apiVersion, kind }) => `kubernetes-models/${apiVersion}/${kind}`;
const lines = [
  ...entries.map(({ object }, i) => `import type { I${object.kind} as T${i} } from '${importOf(object)}';`),
  ...entries.map(({ object }, i) => `export const o${i}: T${i} = ${JSON.stringify(object)};`),
];

for (const { line, message } of checkTypes(lines.join('\n'))) {
  console.log(`${entries[Math.max(line, 0) % entries.length].file}: ${message}`);
}

for (const { file, object } of entries) {
  try {
    const { [object.kind]: Model } = await import(importOf(object));
    new Model(object).validate();
  } catch (error) {
    console.log(`${file}: ${error.message}`);
  }
}
