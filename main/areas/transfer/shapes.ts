import type { transfer } from "../../../shared/contract/transfer.ts";
import type { AreaHandlers } from "../../station/handlers.ts";

type Transfer = AreaHandlers<typeof transfer>;
type Answer<Verb extends keyof Transfer> = Awaited<ReturnType<Transfer[Verb]>>;

/** What operations of the contract answer, by name, for the files that make parts of an answer. */
export type ExportAnswer = Answer<"export">;
export type Written = ExportAnswer["again"][number];
export type LedgerRow = Answer<"ledger">["batches"][number];
export type LedgerEntry = Answer<"history">["batches"][number];
