/**
 * What the browser says of this page's life, in four words. It may be frozen, or kept in the back/forward cache, and
 * come back hours later; a page that holds nothing is allowed to.
 */
export interface PageLife {
  /** About to be frozen, cached or closed: let go of all that others wait for. */
  onLeave?: () => void;
  /** Frozen from now on, in the back/forward cache or elsewhere. */
  onFreeze?: () => void;
  /** Back from where `onLeave` led. */
  onBack?: () => void;
  onSeen?: (visible: boolean) => void;
}

export function isVisible(): boolean {
  return document.visibilityState === 'visible';
}

/** The answer ends it. */
export function watchPageLife({ onLeave, onFreeze, onBack, onSeen }: PageLife): () => void {
  const watching = new AbortController();
  const { signal } = watching;
  if (onLeave) {
    window.addEventListener('pagehide', onLeave, { signal });
    document.addEventListener('freeze', onLeave, { signal });
  }
  if (onFreeze) {
    document.addEventListener('freeze', onFreeze, { signal });
    // WebKit knows no `freeze`, and stops a page that it caches in the middle of its transactions.
    const onHide = (event: PageTransitionEvent) => event.persisted && onFreeze();
    window.addEventListener('pagehide', onHide, { signal });
  }
  if (onBack) {
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) onBack();
    };
    window.addEventListener('pageshow', onShow, { signal });
    document.addEventListener('resume', onBack, { signal });
  }
  if (onSeen) document.addEventListener('visibilitychange', () => onSeen(isVisible()), { signal });
  return () => watching.abort();
}
