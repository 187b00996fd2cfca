/**
 * Who may do what. One typed table: a permission names the operations, a role holds permissions.
 * trust.md decides; nobody can be auditor and administrator.
 */
export const permissions = [
  "station.read",
  "station.manage",
  "keys.export",
  "peers.read",
  "peers.manage",
  "notes.write",
  "requests.read",
  "requests.submit",
  "requests.answer",
  "documents.manage",
  "transfer.read",
  "transfer.export",
  "transfer.import",
  "transfer.override",
  "audit.read",
  "audit.verify",
  "people.read",
  "people.manage",
  "approvals.read",
  "approvals.decide",
] as const;

export type Permission = (typeof permissions)[number];

const reading = [
  "station.read",
  "peers.read",
  "requests.read",
  "transfer.read",
  "people.read",
  "approvals.read",
] as const satisfies Permission[];

export const rolePermissions = {
  viewer: reading,
  operator: [
    ...reading,
    "notes.write",
    "requests.submit",
    "requests.answer",
    "documents.manage",
    "transfer.export",
    "transfer.import",
    "audit.read",
  ],
  approver: [...reading, "notes.write", "audit.read", "approvals.decide"],
  auditor: [...reading, "audit.read", "audit.verify"],
  administrator: permissions,
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof rolePermissions;

/** From the least to the most, as pages list them. */
export const roleNames = [
  "viewer",
  "operator",
  "approver",
  "auditor",
  "administrator",
] as const satisfies Role[];

/** What an operator whose stored roles make no sense may still do. */
export const leastRole: Role = "viewer";

/** Why these roles can't be held by one person; null when they can. */
export function rolesRefused(roles: readonly string[]): string | null {
  const unknown = roles.find((role) => !Object.hasOwn(rolePermissions, role));
  if (unknown !== undefined) return `${unknown} is no role of this version`;
  if (roles.length === 0) return "an operator needs at least one role";
  // Who can change the station must not be the one who reviews what was changed (audit-ops 5, AU-9(4)).
  if (roles.includes("auditor") && roles.includes("administrator")) {
    return "nobody is auditor and administrator";
  }
  return null;
}

/** An unknown role gives nothing. */
export function roleAllows(roles: readonly string[], permission: Permission): boolean {
  return roles.some(
    (role) =>
      Object.hasOwn(rolePermissions, role) &&
      (rolePermissions[role as Role] as readonly Permission[]).includes(permission),
  );
}
