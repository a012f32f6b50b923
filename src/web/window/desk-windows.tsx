import { useDesk } from '../editor/desk.ts';
import { newBlock } from '../model/placing.ts';
import { nodeAt } from '../model/tree.ts';
import { ActionWindow } from './action-window.tsx';
import { ExitWindow } from './exit-window.tsx';
import { MainWindow } from './main-window.tsx';
import { RunWindow } from './run-window.tsx';

/** The window that is open above the desk. */
export function DeskWindows({ saveFirst }: { readonly saveFirst: () => Promise<boolean> }) {
  const desk = useDesk();
  const { window } = desk;
  if (window === null) return null;
  const close = () => desk.open(null);
  switch (window.kind) {
    case 'main':
      return <MainWindow onClose={close} />;
    case 'run':
      return <RunWindow onClose={close} saveFirst={saveFirst} />;
    case 'exit-name':
      return <ExitWindow payload={window.payload} target={window.target} onClose={close} />;
    case 'add': {
      const node = newBlock(window.module);
      const onDone = (data: typeof node.data) => desk.place({ ...node, data }, window.target);
      return <ActionWindow node={node} isNew onClose={close} onDone={onDone} />;
    }
    case 'edit': {
      const node = nodeAt(desk.draft.flow, window.path);
      if (node === null) return null;
      return (
        <ActionWindow
          node={node}
          isNew={false}
          onClose={close}
          onDone={(data) => desk.fill(window.path, data)}
        />
      );
    }
  }
}
