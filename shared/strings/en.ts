import { alarmStrings } from "./alarms.ts";
import { approvalStrings } from "./approvals.ts";
import { auditStrings } from "./audit.ts";
import { backupStrings } from "./backup.ts";
import { componentStrings } from "./components.ts";
import { failedStrings } from "./errors.ts";
import { firstRunStrings } from "./first-run.ts";
import { peopleStrings } from "./people.ts";
import { reportStrings } from "./reports.ts";
import { recoveryStrings } from "./recovery.ts";
import { requestStrings } from "./requests.ts";
import { sessionStrings } from "./session.ts";
import { shellStrings } from "./shell.ts";
import { stationStrings } from "./station.ts";
import { togetherStrings } from "./together.ts";
import { transferStrings } from "./transfer.ts";
import { keyStrings, uiStrings } from "./ui.ts";
import { watchStrings } from "./watch.ts";
import { workspaceStrings } from "./workspaces.ts";

/** Every text of the console, in English, in one typed catalogue. */
export const en = {
  product: "Sallyport",
  keys: keyStrings,
  ui: uiStrings,
  failed: failedStrings,
  components: componentStrings,
  session: sessionStrings,
  shell: shellStrings,
  firstRun: firstRunStrings,
  watch: watchStrings,
  transfer: transferStrings,
  alarms: alarmStrings,
  requests: requestStrings,
  audit: auditStrings,
  reports: reportStrings,
  people: peopleStrings,
  approvals: approvalStrings,
  recovery: recoveryStrings,
  station: stationStrings,
  together: togetherStrings,
  workspaces: workspaceStrings,
  backup: backupStrings,
  pairing: { heard: (place: number, word: string) => `heard word ${place}, ${word}` },
} as const;
