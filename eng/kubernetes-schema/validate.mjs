// Reads from standard input [{ "file": …, "object": … }], Kubernetes objects as JSON, and prints what is wrong with them, a line for each; nothing when nothing is.
// Twice, from one source: the types generated from Kubernetes' OpenAPI description, against which TypeScript refuses unknown fields at any depth, and
// the validators generated from it, which know patterns and ranges as well.
import ts from 'typescript';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'objects.ts');
const entries = JSON.parse(readFileSync(0, 'utf8'));

const importOf = ({ apiVersion, kind }) => `kubernetes-models/${apiVersion}/${kind}`;
const lines = [];
entries.forEach(({ object }, i) => lines.push(`import type { I${object.kind} as T${i} } from '${importOf(object)}';`));
entries.forEach(({ object }, i) => lines.push(`export const o${i}: T${i} = ${JSON.stringify(object)};`));
const text = lines.join('\n');

const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10, types: [] };
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.getSourceFile = (name, ...rest) => (name === source ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest));
host.fileExists = name => name === source || fileExists(name);
host.readFile = name => (name === source ? text : readFile(name));

const program = ts.createProgram([source], options, host);
for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
  const line = file?.fileName === source ? file.getLineAndCharacterOfPosition(start).line % entries.length : 0;
  console.log(`${entries[line].file}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

for (const { file, object } of entries) {
  try {
    const { [object.kind]: Model } = await import(importOf(object));
    new Model(object).validate();
  } catch (error) {
    console.log(`${file}: ${error.message}`);
  }
}
