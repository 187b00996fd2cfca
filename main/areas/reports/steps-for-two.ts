/**
 * By operation for which the contract asks two persons: the events that it leaves. An event of these without the use of an
 * agreement just before it was one person's work.
 */
export const effectsOfTwo: Readonly<Record<string, readonly string[]>> = {
  "session.resetFactor": ["session.factor-reset"],
  "session.profile": ["session.profile-set"],
  "station.finishReview": ["station.review-finished"],
  "station.rotateKeys": ["station.keys-rotated"],
  "station.revokeKey": ["station.key-revoked"],
  "station.identity": ["station.identity-handed-out"],
  "operators.confirm": ["operators.enrolled"],
  "operators.roles": ["operators.roles-set"],
  "operators.enable": ["operators.enabled"],
  "recovery.create": ["recovery.set-made"],
  "peers.trust": ["peers.trusted", "peers.rotation-trusted"],
  "peers.acceptLineage": ["peers.lineage-accepted"],
  "peers.acceptLog": ["peers.log-accepted"],
  "transfer.settleFork": ["transfer.fork-settled"],
  "transfer.skip": ["transfer.number-skipped"],
  "transfer.giveUp": ["transfer.batch-given-up"],
  "audit.settle": ["audit.alarm-settled"],
  "audit.liftHold": ["audit.hold-lifted"],
  "audit.purge": ["audit.purge-begun"],
};

/** What is done under recovery or after a restore, by whoever holds shares or a backup: never by an agreement. */
export const extraordinary: readonly string[] = [
  "recovery.opened",
  "recovery.refused",
  "station.restored",
  "station.head-abandoned",
];
