import type { contract } from "../../shared/contract/contract.ts";
import type { AreaCommands } from "./command.ts";
import { auditCommands, watchCommands } from "./say/audit.ts";
import { approvalsCommands } from "./say/approvals.ts";
import { operatorsCommands } from "./say/people.ts";
import { notesCommands, presenceCommands } from "./say/together.ts";
import { peersCommands } from "./say/peers.ts";
import { recoveryCommands } from "./say/recovery.ts";
import { documentsCommands, requestsCommands, responsesCommands } from "./say/requests.ts";
import { signoffsCommands } from "./say/signoffs.ts";
import { reportsCommands } from "./say/reports.ts";
import { sessionCommands } from "./say/session.ts";
import { stationCommands } from "./say/station.ts";
import { mediaCommands, transferCommands } from "./say/transfer.ts";

/** Every operation of the contract as a command, or null with its reason beside it. */
export const commands: { readonly [Area in keyof typeof contract]: AreaCommands<(typeof contract)[Area]> } = {
  session: sessionCommands,
  station: stationCommands,
  operators: operatorsCommands,
  approvals: approvalsCommands,
  presence: presenceCommands,
  recovery: recoveryCommands,
  peers: peersCommands,
  notes: notesCommands,
  documents: documentsCommands,
  requests: requestsCommands,
  responses: responsesCommands,
  // `--file` hands a large file over by itself.
  uploads: { begin: null, append: null },
  transfer: transferCommands,
  media: mediaCommands,
  audit: auditCommands,
  signoffs: signoffsCommands,
  reports: reportsCommands,
  watch: watchCommands,
};
