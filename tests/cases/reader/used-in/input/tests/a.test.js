import {
  closeBox,
  WoodenBox,
} from '../index.js'
const name = 'closeBox(5)'
Object.freezeBox(6)
stream.write('of another type')
const box = new WoodenBox()
const most = MOST_BOXES + 1
/* openBox(7) */
