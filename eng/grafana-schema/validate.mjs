// Reads from standard input [{ "file": …, "dashboard": … }] and prints what Grafana's own types object to, a line for each; nothing when they do not.
// The types refuse unknown fields, words and types of values, those of each kind of panel included.
import ts from 'typescript';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'dashboards.ts');
const entries = JSON.parse(readFileSync(0, 'utf8'));

const panels = { bargauge: 'BarGauge', heatmap: 'Heatmap', stat: 'Stat', table: 'Table', timeseries: 'TimeSeries' };
const lines = [
  `import type { Dashboard, FieldConfig, Panel, RowPanel } from '@grafana/schema/dist/types/raw/dashboard/x/dashboard_types.gen';`,
  ...Object.entries(panels).map(([type, name]) => `import type * as ${name} from '@grafana/schema/dist/types/raw/composable/${type}/panelcfg/x/${name}PanelCfg_types.gen';`),
  // What TypeScript writes as the member of an enumeration is its text in JSON, and null where a field may be left out.
  'type Json<T> = T extends string ? `${T}` : T extends number | boolean | null | undefined ? T : T extends Array<infer U> ? Array<Json<U>> : T extends object ? { [K in keyof T]: Json<T[K]> } : T;',
  `type Target = { refId: string; expr: string; legendFormat: string; format?: 'time_series' | 'table' | 'heatmap'; instant?: boolean; exemplar?: boolean };`,
  `type Of<Type extends string, Options, Custom> = Omit<Json<Panel>, 'type' | 'options' | 'fieldConfig' | 'targets'> & { type: Type; options: Json<Partial<Options>>; targets: Target[];`,
  `  fieldConfig: { defaults: Omit<Json<FieldConfig>, 'custom'> & { custom?: Json<Partial<Custom>> }; overrides: Json<Panel>['fieldConfig'] extends infer F ? F extends { overrides: infer O } ? O : never : never } };`,
  `type AnyPanel = Json<RowPanel> | Of<'stat', Stat.Options, {}> | Of<'bargauge', BarGauge.Options, {}> | Of<'table', Table.Options, Table.FieldConfig>`,
  `  | Of<'heatmap', Heatmap.Options, Heatmap.FieldConfig> | Of<'timeseries', TimeSeries.Options, TimeSeries.FieldConfig>;`,
];
const header = lines.length;
for (const { dashboard: { panels: ofDashboard, ...rest } } of entries) {
  lines.push(`export const dashboard${lines.length}: Json<Omit<Dashboard, 'panels'>> = ${JSON.stringify(rest)};`);
  for (const panel of ofDashboard) lines.push(`export const panel${lines.length}: AnyPanel = ${JSON.stringify(panel)};`);
}
const names = entries.flatMap(({ file, dashboard }) => [file, ...dashboard.panels.map(panel => `${file}, ${panel.title}`)]);
const text = lines.join('\n');

const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10, types: [] };
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.getSourceFile = (name, ...rest) => (name === source ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest));
host.fileExists = name => name === source || fileExists(name);
host.readFile = name => (name === source ? text : readFile(name));

const program = ts.createProgram([source], options, host);
for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
  const line = file?.fileName === source ? file.getLineAndCharacterOfPosition(start).line - header : -1;
  console.log(`${names[line] ?? 'types'}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
