/**
 * How each operation that changes something keeps two people from losing each other's work.
 *
 * - `create`: adds a row; nothing that anybody wrote is overwritten.
 * - `version`: edits a row. Its input names the `version` that it was made from, and an older one is refused with
 *   what stands there now.
 * - `seen`: names what it decides about by its content (words, digest, lineage, typed letters), so it can't hit another.
 * - `once`: leaves a state for good, or between two; whoever comes second is told so, or finds it done. Where a row that
 *   people edit goes, it may name the version that was seen, too.
 * - `again`: does the same whoever comes first: a setting of one word, work that takes what is there.
 */
export type EditKind = "create" | "version" | "seen" | "once" | "again";

export const edits: Readonly<Record<string, EditKind>> = {
  "session.signIn": "create",
  "session.signOut": "once",
  "session.lock": "again",
  "session.end": "once",
  "session.endOthers": "again",
  "session.stepUp": "again",
  "session.changePassphrase": "seen",
  "session.offerFactor": "create",
  "session.confirmFactor": "seen",
  "session.recoveryCodes": "create",
  "session.resetFactor": "once",
  "session.profile": "again",
  "session.entryRefused": "create",
  "station.init": "once",
  "station.identity": "create",
  "station.backup": "create",
  "station.checkBackup": "again",
  "station.restore": "once",
  "station.reviewItem": "again",
  "station.finishReview": "once",
  "station.rotateKeys": "create",
  "operators.invite": "create",
  "operators.withdraw": "once",
  "operators.accept": "once",
  "operators.confirm": "seen",
  "operators.roles": "version",
  "operators.describe": "version",
  "operators.disable": "once",
  "operators.remove": "once",
  "operators.enable": "once",
  "approvals.approve": "seen",
  "approvals.refuse": "once",
  "peers.add": "create",
  "peers.trust": "seen",
  "peers.revoke": "once",
  "peers.acceptLineage": "seen",
  "peers.acceptLog": "seen",
  "notes.write": "version",
  "documents.load": "create",
  "requests.submit": "create",
  "reports.signOff": "seen",
  "requests.run": "again",
  "transfer.export": "create",
  "transfer.import": "again",
  "transfer.cancel": "once",
  "transfer.skip": "seen",
  "transfer.giveUp": "seen",
  "audit.export": "create",
  "audit.settle": "once",
  "audit.compareCheckpoint": "create",
  "audit.saveSearch": "version",
  "audit.removeSearch": "once",
  "audit.seal": "create",
  "audit.exportSegment": "create",
  "audit.hold": "create",
  "audit.liftHold": "once",
  "audit.purge": "seen",
  "signoffs.sign": "seen",
  "signoffs.countersign": "seen",
  "recovery.create": "create",
  "recovery.confirm": "seen",
  "recovery.drill": "again",
  "recovery.open": "once",
  "recovery.review": "once",
};
