import { Icon } from '../ui/icon.tsx';

interface StaleBannerProps {
  readonly rev: number;
  readonly onKeep: () => void;
  readonly onReload: () => void;
  readonly onCopy: () => void;
}

/** Somebody else has saved meanwhile. Whatever is chosen, undo or a copy keeps the other version. */
export function StaleBanner({ rev, onKeep, onReload, onCopy }: StaleBannerProps) {
  return (
    <div className="banner" role="alert">
      <Icon name="alert" />
      <p>
        <strong>Somebody else has saved this callflow</strong> (revision {rev}) while you were changing it.
        Your changes are still here: reload theirs (undo brings yours back), or keep yours, and the next save
        replaces theirs.
      </p>
      <div className="banner-buttons">
        <button type="button" className="button" onClick={onReload}>
          Reload theirs
        </button>
        <button type="button" className="button" onClick={onCopy}>
          Save mine as a copy
        </button>
        <button type="button" className="button primary" onClick={onKeep}>
          Keep mine
        </button>
      </div>
    </div>
  );
}
