const category = 'Stalls';

/** A small plan in the older public form. */
export const olderPlan = () => ({
  name: 'Older form',
  categories: [{ name: category }],
  zones: [
    {
      position: { x: 10, y: 20 },
      rows: [
        {
          row_number: '0',
          seats: [
            { seat_guid: '0-0', seat_number: '0', position: { x: 0, y: 0 }, category },
            { seat_guid: '0-1', seat_number: '1', position: { x: 25, y: 0 }, category },
          ],
        },
      ],
      areas: [
        { color: 'grey', width: 100, height: 40, position: { x: 0, y: 100 }, rotation: 0, text: 'Stage' },
      ],
    },
  ],
});

interface EditorArea {
  shape: string;
  uuid: string;
  position: { x: number; y: number };
  rotation: number;
  color: string;
  border_color: string;
  rectangle?: { width: number; height: number };
  circle?: { radius: number };
  ellipse?: { radius: { x: number; y: number } };
  polygon?: { points: { x: number; y: number }[] };
  text?: { text: string; position: { x: number; y: number }; color: string; size: number };
}

const drawn = { position: { x: 10, y: 10 }, rotation: 45, color: 'url(evil)', border_color: '#000000' };
const caption = { text: 'Bar', position: { x: -8, y: -7 }, color: '#333333', size: 20 };

/** A small plan as the editor exports it, with a field that nobody knows. */
export const editorPlan = () => ({
  name: 'Editor form',
  categories: [{ name: category, color: '#1d3557' }],
  zones: [
    {
      name: 'Hall',
      zone_id: 'hall',
      uuid: '5f0c9a3e-0d7b-4d3a-9a55-2f9d3f1c0001',
      position: { x: 100, y: 50 },
      rows: [
        {
          row_number: 'A',
          row_label: 'Row A',
          seat_label: 'Seat %s',
          row_number_position: 'both',
          uuid: '5f0c9a3e-0d7b-4d3a-9a55-2f9d3f1c0002',
          position: { x: 5, y: 5 },
          seats: [1, 2, 3].map((i) => ({
            seat_guid: `A-${i}`,
            seat_number: `${i}`,
            uuid: `5f0c9a3e-0d7b-4d3a-9a55-2f9d3f1c001${i}`,
            position: { x: i * 24, y: 0 },
            radius: 10,
            start_direction: null,
            category,
          })),
        },
      ],
      areas: [
        { shape: 'rectangle', uuid: 'r', ...drawn, rectangle: { width: 30, height: 20 } },
        { shape: 'circle', uuid: 'c', ...drawn, circle: { radius: 12 } },
        { shape: 'ellipse', uuid: 'e', ...drawn, ellipse: { radius: { x: 12, y: 6 } } },
        {
          shape: 'polygon',
          uuid: 'p',
          ...drawn,
          polygon: {
            points: [
              { x: 0, y: 0 },
              { x: 10, y: 0 },
              { x: 5, y: 10 },
            ],
          },
        },
        { shape: 'text', uuid: 't', ...drawn, text: caption },
      ] as EditorArea[],
    },
  ],
  size: { width: 400, height: 300 },
  'x-made-with': { 10: 'ten', 2: 'two' },
});
