import { useCallback, useMemo, useState } from 'react';

/** What a form gives its fields by `UploadsContext`, and whether one of them still sends files. */
export function useUploads() {
  const [sending, setSending] = useState<ReadonlySet<string>>(new Set());
  const setBusy = useCallback((field: string, isBusy: boolean) => {
    setSending((all) => (all.has(field) === isBusy ? all : new Set(isBusy ? [...all, field] : [...all].filter((one) => one !== field))));
  }, []);
  const uploads = useMemo(() => ({ setBusy }), [setBusy]);
  return { uploads, isSendingFiles: sending.size > 0 };
}
