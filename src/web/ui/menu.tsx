import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface MenuItem {
  readonly label: string;
  readonly hint?: string;
  readonly icon?: ReactNode;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  readonly run: () => void;
}

interface MenuProps {
  readonly label: ReactNode;
  readonly ariaLabel?: string;
  readonly className?: string;
  readonly items: readonly MenuItem[];
  readonly isDisabled?: boolean;
  readonly align?: 'start' | 'end';
}

/** A button that opens a menu (WAI-ARIA menu button): arrows, Home and End move, Escape closes. */
export function Menu({ label, ariaLabel, className, items, isDisabled, align = 'end' }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menuId = useId();
  useOutside(root, isOpen, () => setOpen(false));
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen && event.key === 'ArrowDown') setOpen(true);
    else if (isOpen && event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="menu-root" ref={root}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={ariaLabel}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? menuId : undefined}
        disabled={isDisabled}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={onKeyDown}
      >
        {label}
      </button>
      {isOpen && <MenuList id={menuId} items={items} align={align} onClose={close} />}
    </div>
  );
}

interface ListProps {
  readonly id: string;
  readonly items: readonly MenuItem[];
  readonly align: 'start' | 'end';
  readonly onClose: () => void;
}

function MenuList({ id, items, align, onClose }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => focusItem(list.current, 0), []);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextIndex(list.current, event.key);
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (next !== null) focusItem(list.current, next);
    else return;
    event.stopPropagation();
    if (event.key !== 'Tab') event.preventDefault();
  };
  return (
    <div className={`menu menu-${align}`} role="menu" id={id} ref={list} onKeyDown={onKeyDown} tabIndex={-1}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={item.isDanger ? 'menu-item danger' : 'menu-item'}
          disabled={item.isDisabled}
          aria-label={item.label}
          onClick={() => {
            onClose();
            item.run();
          }}
        >
          {item.icon}
          <span>
            {item.label}
            {item.hint !== undefined && <small>{item.hint}</small>}
          </span>
        </button>
      ))}
    </div>
  );
}

function itemsOf(list: HTMLElement | null): readonly HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])];
}

function focusItem(list: HTMLElement | null, index: number): void {
  const items = itemsOf(list);
  items.at(index % Math.max(1, items.length))?.focus();
}

function nextIndex(list: HTMLElement | null, key: string): number | null {
  const now = itemsOf(list).indexOf(document.activeElement as HTMLElement);
  switch (key) {
    case 'ArrowDown':
      return now + 1;
    case 'ArrowUp':
      return now - 1;
    case 'Home':
      return 0;
    case 'End':
      return -1;
    default:
      return null;
  }
}

function useOutside(root: { readonly current: HTMLElement | null }, isOn: boolean, run: () => void): void {
  useEffect(() => {
    if (!isOn) return;
    const onDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) run();
    };
    addEventListener('pointerdown', onDown, true);
    return () => removeEventListener('pointerdown', onDown, true);
  });
}
