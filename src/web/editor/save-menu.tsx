import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';

/** What the menu can do. */
export interface SaveActions {
  readonly isSaving: boolean;
  readonly save: () => Promise<unknown>;
  readonly saveAndDuplicate: () => Promise<unknown>;
  readonly saveAndCreate: () => Promise<unknown>;
  readonly cancel: () => Promise<unknown>;
}

/** The Save button: active when something changed, with four ways to go on. */
export function SaveMenu({ save, isOn }: { readonly save: SaveActions; readonly isOn: boolean }) {
  const items = [
    {
      label: 'Save Changes',
      hint: 'Stores this callflow',
      icon: <Icon name="check" />,
      run: () => void save.save(),
    },
    {
      label: 'Save and Duplicate',
      hint: 'Opens a copy without extensions and numbers',
      icon: <Icon name="copy" />,
      run: () => void save.saveAndDuplicate(),
    },
    {
      label: 'Save and Create',
      hint: 'Opens a new, empty callflow',
      icon: <Icon name="add" />,
      run: () => void save.saveAndCreate(),
    },
    {
      label: 'Cancel',
      hint: 'Drops all changes since the last save',
      icon: <Icon name="close" />,
      isDanger: true,
      run: () => void save.cancel(),
    },
  ];
  const label = (
    <>
      {save.isSaving ? 'Saving…' : 'Save'}
      <Icon name="down" size={14} />
    </>
  );
  return (
    <Menu label={label} className="button primary save" items={items} isDisabled={!isOn || save.isSaving} />
  );
}
