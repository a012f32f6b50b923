import { type FitViewOptions, Panel, useReactFlow } from '@xyflow/react';
import { Icon, type IconName } from '../ui/icon.tsx';

/** Nearer, farther, all of it. */
export function DiagramControls({ fit }: { readonly fit: FitViewOptions }) {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  return (
    <Panel position="bottom-left" className="controls">
      <Control icon="add" label="Zoom in" onClick={() => void zoomIn({ duration: 150 })} />
      <Control icon="minus" label="Zoom out" onClick={() => void zoomOut({ duration: 150 })} />
      <Control
        icon="fit"
        label="Show the whole flow"
        onClick={() => void fitView({ ...fit, duration: 200 })}
      />
    </Panel>
  );
}

function Control(props: { icon: IconName; label: string; onClick: () => void }) {
  const { icon, label, onClick } = props;
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} size={16} />
    </button>
  );
}
