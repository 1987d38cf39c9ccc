// Reads an AsyncAPI document from standard input and prints what AsyncAPI's own parser objects to, a line for each;
// nothing when nothing. Advice that is no objection, such as that there is a newer version of AsyncAPI, is left out.
// The parser does not look at examples.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const text = readFileSync(0, 'utf8');
const warning = 1;
const { document, diagnostics } = await new Parser().parse(text);
for (const { severity, code, message, path } of diagnostics.filter(found => found.severity <= warning)) {
  console.log(`${severity === 0 ? 'error' : 'warning'} ${code}: ${path.join('/')}: ${message}`);
}
if (!document && diagnostics.length === 0) {
  console.log('error: the document cannot be read');
}
