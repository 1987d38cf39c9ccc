// Reads from standard input [{ "file": …, "dashboard": … }] and prints what Grafana's own types object to, a line for
// each; nothing when they do not. The types reject unknown fields, words and types of values, those of each kind of
// panel included.
import { readFileSync } from 'node:fs';
import { checkTypes } from './check-types.mjs';

const entries = JSON.parse(readFileSync(0, 'utf8'));

const raw = '@grafana/schema/dist/types/raw';
const panels = { bargauge: 'BarGauge', heatmap: 'Heatmap', stat: 'Stat', table: 'Table', timeseries: 'TimeSeries' };
const lines = [
  `import type { Dashboard, FieldConfig, Panel, RowPanel } from '${raw}/dashboard/x/dashboard_types.gen';`,
  ...Object.entries(panels).map(([type, name]) =>
    `import type * as ${name} from '${raw}/composable/${type}/panelcfg/x/${name}PanelCfg_types.gen';`),
  // What TypeScript writes as the member of an enumeration is its text in JSON, and null where a field may be left out.
  'type Json<T> = T extends string ? `${T}` : T extends number | boolean | null | undefined ? T',
  '  : T extends Array<infer U> ? Array<Json<U>> : T extends object ? { [K in keyof T]: Json<T[K]> } : T;',
  `type Target = { refId: string; expr: string; legendFormat: string; instant?: boolean; exemplar?: boolean;`,
  `  format?: 'time_series' | 'table' | 'heatmap' };`,
  `type Overrides = Json<Panel>['fieldConfig'] extends infer F ? F extends { overrides: infer O } ? O : never : never;`,
  `type Shared = Omit<Json<Panel>, 'type' | 'options' | 'fieldConfig' | 'targets'>;`,
  `type Of<Type extends string, Options, Custom> = Shared & { type: Type; options: Json<Partial<Options>>;`,
  `  targets: Target[]; fieldConfig: { defaults: Omit<Json<FieldConfig>, 'custom'> & {`,
  `    custom?: Json<Partial<Custom>> }; overrides: Overrides } };`,
  `type AnyPanel = Json<RowPanel> | Of<'stat', Stat.Options, {}> | Of<'bargauge', BarGauge.Options, {}>`,
  `  | Of<'table', Table.Options, Table.FieldConfig> | Of<'heatmap', Heatmap.Options, Heatmap.FieldConfig>`,
  `  | Of<'timeseries', TimeSeries.Options, TimeSeries.FieldConfig>;`,
];
const header = lines.length;
for (const { dashboard: { panels: ofDashboard, ...rest } } of entries) {
  lines.push(`export const o${lines.length}: Json<Omit<Dashboard, 'panels'>> = ${JSON.stringify(rest)};`);
  for (const panel of ofDashboard) lines.push(`export const o${lines.length}: AnyPanel = ${JSON.stringify(panel)};`);
}
const names = entries.flatMap(({ file, dashboard }) =>
  [file, ...dashboard.panels.map(panel => `${file}, ${panel.title}`)]);

for (const { line, message } of checkTypes(lines.join('\n'))) {
  console.log(`${names[line - header] ?? 'types'}: ${message}`);
}
