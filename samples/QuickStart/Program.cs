using DistillSharp;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Images;

var recipe = new Recipe
{
    Name = "quickstart-sample",
    Data = new() { Set = new("glyphs") },
    Teacher = new() { Model = new("resnet8") },
    Student = new() { Model = new("lenet5") },
    Training = new() { Epochs = 10 },
};
var run = Distiller.Run(recipe, new() { Log = new Progress<string>(Console.WriteLine) });
Console.WriteLine(run.Report.Gain!.Verdict);

using var student = new ClassificationPredictor(run.StudentPath);
foreach (string image in args)
{
    Console.WriteLine($"{image}: {student.Predict(ImageFile.Load(image))[0].Name}");
}
