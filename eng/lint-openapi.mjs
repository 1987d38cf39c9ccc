// node lint-openapi.mjs FILE...: a line for each problem that Redocly finds with its recommended rules, errors and
// warnings alike; exit code 1 when there is one.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('node_modules/@redocly/cli/bin/cli.js', import.meta.url));
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

function lint(file) {
  const command = [cli, 'lint', '--extends=recommended', '--format=json', file];
  const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env });
  try {
    return JSON.parse(stdout).problems.map(({ severity, ruleId, message, location: [{ pointer }] }) =>
      `${file}${pointer}: ${severity}: ${message} [${ruleId}]`);
  } catch {
    return [`${file}: Redocly did not lint it: ${stdout}${stderr}`];
  }
}

for (const problem of process.argv.slice(2).flatMap(lint)) {
  console.log(problem);
  process.exitCode = 1;
}
