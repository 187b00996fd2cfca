type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(text).join(", ");
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
};

/** What a step for two would do, in the imperative, with what it does it to. */
const titles: Readonly<Record<string, (input: Input) => string>> = {
  "audit.liftHold": (input) => `Lift hold ${text(input["hold"])} on events of the log`,
  "audit.purge": (input) => `Purge events ${text(input["confirm"])} of the log`,
  "audit.settle": (input) => `Settle alarm ${text(input["alarm"])} of the log`,
  "operators.confirm": (input) => `Enrol ${text(input["name"])}`,
  "operators.enable": (input) => `Let ${text(input["name"])} in again`,
  "operators.roles": (input) => `Give ${text(input["name"])} the roles ${text(input["roles"])}`,
  "peers.acceptLineage": (input) => `Accept the new lineage of ${text(input["peer"])}`,
  "peers.acceptLog": (input) => `Accept what ${text(input["peer"])} says its log is`,
  "peers.trust": (input) => `Trust ${text(input["peer"])}`,
  "recovery.create": (input) =>
    `Make recovery shares, any ${text(input["threshold"])} of ${text(input["shares"])}`,
  "session.profile": (input) => `Set the limits of sessions to ${text(input["profile"])}`,
  "session.resetFactor": (input) => `Reset the second factor of ${text(input["operator"])}`,
  "station.finishReview": () => "End the review of the restored station",
  "station.identity": () => "Hand out this station's age identity",
  "station.revokeKey": (input) => `Revoke the signing key ${text(input["fingerprint"])}`,
  "station.rotateKeys": () => "Rotate this station's keys and make a new card",
  "transfer.giveUp": (input) => `Give up batch ${text(input["sequence"])} to ${text(input["peer"])}`,
  "transfer.settleFork": (input) => `Settle a fork of ${text(input["peer"])}`,
  "transfer.skip": (input) => `Skip batch ${text(input["sequence"])} of ${text(input["peer"])}`,
};

/** The title of a step by its operation and its input as kept (canonical JSON); `summary` where it has none of its own. */
export function stepTitle(step: {
  readonly operation: string;
  readonly input: string;
  readonly summary: string;
}): string {
  const title = titles[step.operation];
  return title === undefined ? step.summary : title(JSON.parse(step.input) as Input);
}
