/**
 * Put in front of a command so that the kernel asks for permission: root without its capabilities, which owns what root owns and
 * may do no more than its modes say. Whoever is not root needs nothing.
 */
export const WITHOUT_POWERS: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--'] : [];
