import type { BatchReason, LineReason } from "../../../../shared/contract/reasons.ts";

/** A rule of the batch format is broken; `reason` is a word of its closed list, `message` says where. */
export class FormatFault extends Error {
  override readonly name = "FormatFault";
  readonly reason: BatchReason | "damaged";

  constructor(reason: BatchReason | "damaged", message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** A rule for one line is broken; the line is quarantined, the batch goes on. */
export class LineFault extends Error {
  override readonly name = "LineFault";
  readonly reason: LineReason;

  constructor(reason: LineReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
