// One filler written in JavaScript, as a child that answers how much CPU time its documents took.
//   node node_peer.js NAME TEMPLATE OUTPUT      (the packages come from NODE_PATH)
const fs = require('fs')
const readline = require('readline')
const [name, template, output] = process.argv.slice(2)

const peak = () => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1])

const fillers = {
  docxtemplater: () => {
    const PizZip = require('pizzip')
    const Docxtemplater = require('docxtemplater')
    const content = fs.readFileSync(template)
    return async (values) => {
      const document = new Docxtemplater(new PizZip(content), { paragraphLoop: true, linebreaks: true })
      document.render(values)
      return document.getZip().generate({ type: 'nodebuffer', compression: 'DEFLATE', compressionOptions: { level: 1 } })
    }
  },
  'easy-template-x': () => {
    const { TemplateHandler } = require('easy-template-x')
    const content = fs.readFileSync(template)
    const handler = new TemplateHandler()
    return async (values) => Buffer.from(await handler.process(content, values))
  },
  carbone: () => {
    const carbone = require('carbone')
    return (values) => new Promise((resolve, reject) =>
      carbone.render(template, values, (error, result) => (error ? reject(error) : resolve(result))))
  },
}

async function main () {
  const made = fillers[name]()
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [path, count] = line.split(' ')
    const values = JSON.parse(fs.readFileSync(path, 'utf8'))
    let least = Infinity
    for (let turn = 0; turn < Number(count); turn++) {
      const begun = process.cpuUsage()
      fs.writeFileSync(output, await made(values))
      const spent = process.cpuUsage(begun)
      least = Math.min(least, (spent.user + spent.system) / 1000)
    }
    console.log(JSON.stringify({ ms: least, rss_kib: peak() }))
  }
  process.exit(0)
}
main().catch((error) => { console.error(error); process.exit(1) })
