// Writes docs/roles.md from the contract. Run it after an operation was added or its access changed.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rights, type Right } from "../shared/contract/rights.ts";
import { roleNames } from "../shared/roles.ts";
import { peopleStrings } from "../shared/strings/people.ts";

export const rolesPagePath = fileURLToPath(new URL("../docs/roles.md", import.meta.url));

const head = `# Roles

Who may do what, operation by operation. This page is made from the contract by \`scripts/roles-page.ts\`; the console shows the same under People, Roles, and the command line as \`sallyport operators rights\`. How roles are given and narrowed is in [people.md](people.md).

Nobody is auditor and administrator. *Two* means that in a station for two a second person must agree first; *again* that the passphrase must have been given within the minutes of the profile. *Narrowed to* says what a narrowed role must reach: it never reaches the whole station.
`;

/** The whole page. */
export function rolesPage(): string {
  const roles = roleNames.map((role) => `- **${role}**: ${peopleStrings.roleWords[role].split(": ")[1]}`);
  const areas = [...new Set(rights.map(({ operation }) => areaOf(operation)))];
  return `${[head, `${roles.join("\n")}\n`, ...areas.map(areaTable)].join("\n")}`;
}

function areaTable(area: string): string {
  const rows = rights.filter(({ operation }) => areaOf(operation) === area).map(row);
  const columns = ["operation", "what it does", ...roleNames, "two", "again", "narrowed to"];
  return `${[`## ${area}`, "", line(columns), line(columns.map(() => "---")), ...rows].join("\n")}\n`;
}

function row(right: Right): string {
  const holds = roleNames.map((role) => (right.roles.includes(role) ? "yes" : ""));
  const name = right.permission === "public" ? `${right.operation} (no sign-in)` : right.operation;
  return line([
    name,
    right.summary,
    ...holds,
    right.twoPersons ? "yes" : "",
    right.stepUp ? "yes" : "",
    right.reach,
  ]);
}

const areaOf = (operation: string): string => operation.split(".")[0] ?? "";
const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(rolesPagePath, rolesPage());
