import { audit } from "./audit.ts";
import { documents } from "./documents.ts";
import { approvals } from "./approvals.ts";
import { notes } from "./notes.ts";
import { operators } from "./operators.ts";
import { peers } from "./peers.ts";
import { presence } from "./presence.ts";
import { recovery } from "./recovery.ts";
import { reports } from "./reports.ts";
import { requests, responses } from "./requests.ts";
import { signoffs } from "./signoffs.ts";
import { session } from "./session.ts";
import { station } from "./station.ts";
import { media, transfer } from "./transfer.ts";
import { uploads } from "./uploads.ts";
import { watch } from "./watch.ts";

/** Every operation there is. What is not here cannot be called, on any face. */
export const contract = {
  session,
  station,
  operators,
  presence,
  approvals,
  recovery,
  peers,
  notes,
  documents,
  requests,
  responses,
  uploads,
  transfer,
  media,
  audit,
  signoffs,
  reports,
  watch,
};

export type Contract = typeof contract;
