import { backupNamespace, contentsName, manifestName, signatureName, type Manifest } from "./format.ts";

/** README.txt of a backup, for whoever finds it in five years. A reader of ours ignores it. */
export function backupReadme(manifest: Manifest): string {
  const { station, createdAt, audit } = manifest;
  return `A backup of the Sallyport station ${station.name} (${station.id}), made ${createdAt}.
Its audit log had ${audit.events} events, root ${audit.root}.

To bring the station back, into an empty directory, with the passphrase of an administrator that was right when
this backup was made:

  sallyport station restore --from THIS-FOLDER --station NEW-DIRECTORY --operator NAME

To look whether it opens, without restoring:  sallyport station check-backup --from THIS-FOLDER

Who made it, with stock tools:

  echo 'station namespaces="${backupNamespace}" ${station.signingKey}' > signers
  ssh-keygen -Y verify -f signers -I station -n ${backupNamespace} -s ${signatureName} < ${manifestName}

What is in it: each file of data/ is one zstd frame in an age file. With the backup key as an age identity (it is in
${manifestName}, wrapped: an operator's passphrase opens it):

  age -d -i identity ${contentsName} | zstd -d | jq .
  for part in data/part-*.zst.age; do age -d -i identity "$part" | zstd -d; done > files

The files follow each other in "files", in the order and with the sizes of the contents; the first is the database.
The names of the operators and their wrapped keys stand in ${manifestName} in clear: keep this folder as you keep
the station.
`;
}
