// TypeScript's verdict on a text that imports types of the packages installed here.
import ts from 'typescript';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('checked.ts', import.meta.url));
const options = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  types: [],
};

/** What is wrong, each with its line in the text, or -1 where the packages' own types are wrong. */
export function checkTypes(text) {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === source ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  host.fileExists = name => name === source || fileExists(name);
  host.readFile = name => (name === source ? text : readFile(name));

  const program = ts.createProgram([source], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => ({
    line: file?.fileName === source ? file.getLineAndCharacterOfPosition(start).line : -1,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}
