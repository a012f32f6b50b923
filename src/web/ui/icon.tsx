/** Line drawings on a grid of 24. */
const PATHS = {
  add: 'M12 5v14M5 12h14',
  alert: 'M12 4 2.8 19.5h18.4zM12 10v4.2M12 17v.01',
  arrow: 'M5 12h13M13 6.5l5.5 5.5-5.5 5.5',
  back: 'M19 12H6M11 6.5 5.5 12l5.5 5.5',
  branch: 'M12 3v6M12 9c0 5-6 3-6 9M12 9c0 5 6 3 6 9M3.5 17 6 20l2.5-3M15.5 17 18 20l2.5-3',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v4.3l3 1.8',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  code: 'M8.5 7.5 4 12l4.5 4.5M15.5 7.5 20 12l-4.5 4.5M13.5 5l-3 14',
  copy: 'M9 9h10v11H9zM5 15.5V4h10v1.5',
  down: 'M6 9.5l6 6 6-6',
  edit: 'M5 19l1-4L16.5 4.5l3 3L9 18zM14.5 6.5l3 3',
  exit: 'M10 5H5.5v14H10M10 12h9.5M16 8l4 4-4 4',
  eye: 'M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  flow: 'M8.5 3.5h7v5h-7zM3.5 15.5h7v5h-7zM13.5 15.5h7v5h-7zM12 8.5V12M7 15.5V12h10v3.5',
  globe:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c-5 5-5 12 0 17M12 3.5c5 5 5 12 0 17',
  hangup:
    'M3 14.5c0-2 3.5-4.5 9-4.5s9 2.5 9 4.5c0 2.5-1.5 2.8-4.5 1.5-.8-.3-1-.8-1-2.2-2-.8-5-.8-7 0 0 1.4-.2 1.9-1 2.2-3 1.3-4.5 1-4.5-1.5z',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l8.5-8.5M16 7l3 3M13.5 9.5l2 2',
  lamp: 'M9 17.5c0-2.5-3-4-3-7.8a6 6 0 0 1 12 0c0 3.8-3 5.3-3 7.8zM9.5 20.5h5',
  minus: 'M5 12h14',
  move: 'M12 3.5v17M3.5 12h17M9.5 6 12 3.5 14.5 6M9.5 18l2.5 2.5 2.5-2.5M6 9.5 3.5 12 6 14.5M18 9.5l2.5 2.5-2.5 2.5',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.5-4 3.5-5.5 7.5-5.5s7 1.5 7.5 5.5',
  phone:
    'M5 4h4l1.5 5-2.3 1.7a12 12 0 0 0 5.1 5.1L15 13.5l5 1.5v4c0 1-1 1.5-2 1.5C10.5 20 4 13.5 3.5 6c0-1 .5-2 1.5-2z',
  redo: 'M19 9H9.5a5 5 0 0 0 0 10H13M15 5l4 4-4 4',
  reply: 'M4 5h16v11h-9l-4.5 4v-4H4zM8.5 10.5h7',
  replace: 'M4 8h13M13.5 4.5 17 8l-3.5 3.5M20 16H7M10.5 12.5 7 16l3.5 3.5',
  run: 'M7.5 4.5v15l12-7.5z',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20.5 20.5',
  trash: 'M4.5 7h15M9 7V4.5h6V7M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5',
  undo: 'M5 9h9.5a5 5 0 0 1 0 10H11M9 5 5 9l4 4',
  variable: 'M8 4.5c-3 1.5-4 4.5-4 7.5s1 6 4 7.5M16 4.5c3 1.5 4 4.5 4 7.5s-1 6-4 7.5M9 9l6 6M15 9l-6 6',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside words, which say what it means; it is hidden from screen readers. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
