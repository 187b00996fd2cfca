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
] as const;

export type Permission = (typeof permissions)[number];

const reading = [
  "station.read",
  "peers.read",
  "requests.read",
  "transfer.read",
] as const satisfies Permission[];

export const rolePermissions = {
  viewer: reading,
  operator: [
    ...reading,
    "requests.submit",
    "requests.answer",
    "documents.manage",
    "transfer.export",
    "transfer.import",
    "audit.read",
  ],
  approver: [...reading, "audit.read"],
  auditor: [...reading, "audit.read", "audit.verify"],
  administrator: permissions,
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof rolePermissions;

/** An unknown role gives nothing. */
export function roleAllows(roles: readonly string[], permission: Permission): boolean {
  return roles.some(
    (role) =>
      Object.hasOwn(rolePermissions, role) &&
      (rolePermissions[role as Role] as readonly Permission[]).includes(permission),
  );
}
